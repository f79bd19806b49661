// SPDX-License-Identifier: Apache-2.0
//
// A bridge over a wired device: what machines plug into that are to be on its network. The bridge takes over what the device
// had, its addresses and its hardware address, so that others still find this PC where it was.
import { PhyllomeError } from '../../../contract/errors.ts';
import { DeviceName, MakeBridge, type NetworkDevice, type SetAddresses } from '../../../contract/network.ts';
import { Type } from '../../../contract/schema.ts';
import { networkDevices } from '../../../host/network-manager/devices.ts';
import { readNetwork } from '../../../host/network-manager/status.ts';
import type { Verb } from '../verb.ts';
import { failed } from './addresses.ts';
import { pluggedInto } from './cables.ts';
import { changeOnTrial } from './checkpoint.ts';
import { openManager } from './manager.ts';
import { bridgeProfile, portProfile } from './profile.ts';

export const makeBridge: Verb<MakeBridge> = {
  request: MakeBridge,
  exclusive: true,
  async run({ name, device: port }, { root, signal, progress }) {
    const manager = openManager(root, signal);
    const view = await readNetwork(manager.ask);
    const devices = networkDevices(view.objects, view.connections);
    const device = devices.find((one) => one.name === port);
    if (device?.kind !== 'wired')
      throw new PhyllomeError('network-device-missing', { kind: 'wired', name: port });
    const refuse = (reason: string): never => {
      throw new PhyllomeError('bridge-refused', { name, reason });
    };
    if (
      view.objects.with('Device').some((one) => one.text('Device', 'Interface') === name) ||
      view.connections.some((one) => one.kind === 'bridge' && one.device === name)
    )
      refuse('there is a device or a bridge of that name already');
    if (device.bridge !== null) refuse(`${port} is a port of ${device.bridge} already`);
    await changeOnTrial(manager, async () => {
      progress({ step: 'the bridge is made', fraction: null });
      const bridge = await manager.add(
        (id) => bridgeProfile(id, name, device.mac, addressesOf(device)),
        false,
      );
      const cable = await manager.add((id) => portProfile(id, port, name), false);
      try {
        // The cable first: a bridge without one waits for addresses in vain.
        await manager.activate(cable);
        progress({ step: 'the bridge gets its addresses', fraction: null });
        if (device.state === 'connected') await manager.activate(bridge);
      } catch (error) {
        failed(name, error);
      }
    });
    return null;
  },
};

export const removeBridge: Verb<{ name: string }> = {
  request: Type.Object({ name: DeviceName }, { additionalProperties: false }),
  exclusive: true,
  async run({ name }, { root, signal }) {
    const manager = openManager(root, signal);
    const view = await readNetwork(manager.ask);
    const bridges = view.connections.filter(({ kind, device }) => kind === 'bridge' && device === name);
    if (bridges.length === 0)
      throw new PhyllomeError('bridge-refused', { name, reason: 'it is no bridge that was made here' });
    // What no connection of ours put there is a cable of a guest.
    const ours = new Set(view.connections.map(({ device }) => device));
    const used = pluggedInto(root, name).filter((port) => !ours.has(port));
    if (used.length > 0)
      throw new PhyllomeError('bridge-refused', {
        name,
        reason: `machines are plugged into it (${used.join(', ')})`,
      });
    const names = new Set([name, ...bridges.map(({ id }) => id)]);
    const ports = view.connections.filter(({ controller }) => controller !== null && names.has(controller));
    await changeOnTrial(manager, async () => {
      for (const { id } of [...ports, ...bridges]) await manager.forget(id);
    });
    return null;
  },
};

/** Fixed addresses move to the bridge as they are. */
function addressesOf({
  connection,
  addresses,
  gateway,
  nameservers,
}: NetworkDevice): SetAddresses['addresses'] {
  const address = addresses.find((one) => !one.includes(':'));
  if (connection?.addresses !== 'static' || address === undefined) return 'dhcp';
  return {
    address,
    ...(gateway !== null && !gateway.includes(':') && { gateway }),
    nameservers: nameservers.filter((one) => !one.includes(':')),
  };
}
