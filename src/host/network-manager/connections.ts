// SPDX-License-Identifier: Apache-2.0
import { settingsConnection, type Ask } from './ask.ts';
import type { NetworkDevice } from '../../contract/network.ts';
import { bytesOf, textOf, type BusObjects } from './objects.ts';
import { hex, ssidText } from './ssid.ts';

/** What NetworkManager remembers of a network, without secrets. */
export interface Connection {
  path: string;
  id: string;
  name: string;
  kind: NetworkDevice['kind'];
  /** Hexadecimal; null when it is no Wi-Fi */
  ssid: string | null;
  /** The device that it is for; null: any that fits */
  device: string | null;
  /** The bridge that its device is a port of: name of the device or id of its connection */
  controller: string | null;
  addresses: 'dhcp' | 'static';
}

type Group = Record<string, { data: unknown } | undefined>;
type Settings = Record<string, Group | undefined>;

const kinds: Readonly<Record<string, NetworkDevice['kind']>> = {
  '802-3-ethernet': 'wired',
  '802-11-wireless': 'wifi',
  bridge: 'bridge',
};

/** All connections that are remembered; those that go while they are read are left out. */
export async function readConnections(ask: Ask, objects: BusObjects): Promise<Connection[]> {
  const read = await Promise.all(
    objects.with('Settings.Connection').map(async ({ path }) => {
      const [settings] = await ask(path, `${settingsConnection}.GetSettings`).catch(() => []);
      return settings === undefined ? null : connectionOf(path, settings as Settings);
    }),
  );
  return read.filter((connection) => connection !== null && connection.name !== 'lo') as Connection[];
}

function connectionOf(path: string, settings: Settings): Connection {
  const about = (key: string): string | null => textOf(settings['connection']?.[key]?.data);
  const type = about('type') ?? '';
  const ssid = bytesOf(settings['802-11-wireless']?.['ssid']?.data);
  return {
    path,
    id: about('uuid') ?? '',
    name: ssid.length > 0 ? ssidText(ssid) : ssidText(new TextEncoder().encode(about('id') ?? '')),
    kind: kinds[type] ?? 'other',
    ssid: ssid.length > 0 ? hex(ssid) : null,
    device: about('interface-name'),
    controller: about('controller') ?? about('master'),
    addresses: textOf(settings['ipv4']?.['method']?.data) === 'manual' ? 'static' : 'dhcp',
  };
}
