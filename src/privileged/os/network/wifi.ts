// SPDX-License-Identifier: Apache-2.0
import { setTimeout as wait } from 'node:timers/promises';
import { PhyllomeError } from '../../../contract/errors.ts';
import { ConnectWifi } from '../../../contract/network.ts';
import { Type } from '../../../contract/schema.ts';
import { service } from '../../../host/network-manager/ask.ts';
import { readObjects } from '../../../host/network-manager/objects.ts';
import { ssidText } from '../../../host/network-manager/ssid.ts';
import { readNetwork, wifiOf } from '../../../host/network-manager/status.ts';
import type { Verb } from '../verb.ts';
import { openManager, reasonOfFailure, type Manager } from './manager.ts';
import { wifiProfile, type WifiWish } from './profile.ts';

const Nothing = Type.Object({}, { additionalProperties: false });
// Listening on all channels takes some seconds (ms).
const scanPatience = 12_000;
const glance = 300;

/** Listens for Wi-Fi networks anew. */
export const scan: Verb<object> = {
  request: Nothing,
  exclusive: false,
  async run(_, { root, signal }) {
    const { ask } = openManager(root, signal);
    const devices = (await readObjects(ask)).with('Device.Wireless');
    const before = new Map(
      devices.map((device) => [device.path, device.number('Device.Wireless', 'LastScan')]),
    );
    for (const { path } of devices)
      // It refuses when it listened a moment ago, and then there is nothing new to hear.
      await ask(path, `${service}.Device.Wireless.RequestScan`, 'a{sv}', '0').catch(() =>
        before.delete(path),
      );
    for (let waited = 0; waited < scanPatience && before.size > 0; waited += glance) {
      await wait(glance, undefined, { signal });
      const objects = await readObjects(ask);
      for (const [path, at] of before)
        if (objects.get(path)?.number('Device.Wireless', 'LastScan') !== at) before.delete(path);
    }
    return null;
  },
};

/** Joins a network. What was remembered of it before is forgotten only once the new connection stands. */
export const join: Verb<ConnectWifi> = {
  request: ConnectWifi,
  exclusive: true,
  async run(wish, { root, signal }) {
    const manager = openManager(root, signal);
    const view = await readNetwork(manager.ask);
    const seen = wifiOf(view).find(({ ssid }) => ssid === wish.ssid);
    const known = view.connections.filter(({ ssid }) => ssid === wish.ssid);
    const name = seen?.name ?? ssidText(Uint8Array.fromHex(wish.ssid));
    const [remembered] = known;
    if (wish.passphrase === undefined && remembered !== undefined) {
      await manager.activate(remembered.id).catch((error: unknown) => refuse(name, error, false));
      return null;
    }
    const id = await manager.add(
      (uuid) =>
        wifiProfile(uuid, {
          ...wish,
          passphrase: wish.passphrase,
          security: securityOf(wish, seen?.security),
        }),
      true,
    );
    try {
      await manager.activate(id);
    } catch (error) {
      await manager.forget(id);
      refuse(name, error, wish.passphrase !== undefined);
    }
    await forgetAll(
      manager,
      known.map((one) => one.id),
    );
    return null;
  },
};

/** @throws PhyllomeError when the network is protected in a way that a passphrase does not open */
function securityOf({ ssid, passphrase }: ConnectWifi, seen: string | undefined): WifiWish['security'] {
  if (seen === 'enterprise' || seen === 'wep')
    throw new PhyllomeError('wifi-unsupported', { name: ssidText(Uint8Array.fromHex(ssid)), security: seen });
  if (seen === 'sae' || seen === 'owe' || seen === 'open') return seen;
  // A hidden one says what it is by whether a passphrase was typed.
  return seen === undefined && passphrase === undefined ? 'open' : 'wpa';
}

function refuse(name: string, error: unknown, typed: boolean): never {
  const reason = reasonOfFailure(error);
  // What NetworkManager says when a network does not accept the secret.
  if (typed && /secrets were required|psk|password/i.test(reason))
    throw new PhyllomeError('wifi-refused', { name }, { cause: error });
  throw new PhyllomeError(
    'network-failed',
    { device: name, reason, next: 'Try again nearer to it.' },
    { cause: error },
  );
}

async function forgetAll(manager: Manager, ids: readonly string[]): Promise<void> {
  for (const id of ids) await manager.forget(id);
}
