// SPDX-License-Identifier: Apache-2.0
import { PhyllomeError } from '../../../contract/errors.ts';
import { DeviceName, SetAddresses, type NetworkDevice } from '../../../contract/network.ts';
import { Type } from '../../../contract/schema.ts';
import { networkDevices } from '../../../host/network-manager/devices.ts';
import { readNetwork, type NetworkView } from '../../../host/network-manager/status.ts';
import type { Verb } from '../verb.ts';
import { changeOnTrial } from './checkpoint.ts';
import { openManager, reasonOfFailure } from './manager.ts';
import { bridgeProfile, wiredProfile } from './profile.ts';

type Request = SetAddresses & { device: string };

/** Gives a wired device or a bridge its addresses: those of the network, or fixed ones. */
export const addresses: Verb<Request> = {
  request: Type.Object({ device: DeviceName, ...SetAddresses.properties }, { additionalProperties: false }),
  exclusive: true,
  async run({ device: name, addresses: wish }, { root, signal }) {
    const manager = openManager(root, signal);
    const device = requireDevice(await readNetwork(manager.ask), name);
    await changeOnTrial(manager, async () => {
      const id = await manager.add(
        (uuid) =>
          device.kind === 'bridge'
            ? bridgeProfile(uuid, name, device.mac, wish)
            : wiredProfile(uuid, name, wish),
        false,
      );
      await manager.activate(id).catch((error: unknown) => failed(name, error));
    });
    return null;
  },
};

export function failed(device: string, error: unknown): never {
  const next = 'Is the cable plugged in, and do the addresses belong to this network?';
  throw new PhyllomeError(
    'network-failed',
    { device, reason: reasonOfFailure(error), next },
    { cause: error },
  );
}

function requireDevice({ objects, connections }: NetworkView, name: string): NetworkDevice {
  const device = networkDevices(objects, connections).find((one) => one.name === name);
  if (device === undefined || !['wired', 'bridge'].includes(device.kind))
    throw new PhyllomeError('network-device-missing', { kind: 'wired', name });
  if (device.bridge !== null)
    throw new PhyllomeError('bridge-refused', {
      name: device.bridge,
      reason: `${name} is its port and has no addresses of its own; change those of ${device.bridge}`,
    });
  return device;
}
