// SPDX-License-Identifier: Apache-2.0
import type { NetworkDevice, NetworkStatus } from '../../contract/network.ts';
import type { Connection } from './connections.ts';
import { numberOf, textOf, type BusObject, type BusObjects } from './objects.ts';
import { hex, ssidText } from './ssid.ts';

// NMDeviceType of NetworkManager's D-Bus description. Pairs of virtual cables count as wired: a container has nothing else.
const kinds: Readonly<Record<number, NetworkDevice['kind']>> = {
  1: 'wired',
  2: 'wifi',
  13: 'bridge',
  20: 'wired',
};
const reach = ['unknown', 'no', 'portal', 'limited', 'yes'] as const;

/** The devices that people know of: loopback and those of programs are left out. */
export function networkDevices(objects: BusObjects, connections: readonly Connection[]): NetworkDevice[] {
  return objects
    .with('Device')
    .filter((device) => device.number('Device', 'DeviceType') !== null && device.has(faceOf(device)))
    .map((device) => deviceOf(device, objects, connections))
    .sort((a, b) => order(a) - order(b) || (a.name < b.name ? -1 : 1));
}

export const internetOf = (objects: BusObjects): NetworkStatus['internet'] =>
  reach[objects.with('')[0]?.number('', 'Connectivity') ?? 0] ?? 'unknown';

const kindOf = (device: BusObject): NetworkDevice['kind'] =>
  kinds[device.number('Device', 'DeviceType') ?? 0] ?? 'other';

const faces = {
  wired: 'Device.Wired',
  wifi: 'Device.Wireless',
  bridge: 'Device.Bridge',
  other: 'none',
} as const;
const faceOf = (device: BusObject): string => faces[kindOf(device)];
const order = ({ kind }: NetworkDevice): number => ['bridge', 'wired', 'wifi', 'other'].indexOf(kind);

function deviceOf(device: BusObject, objects: BusObjects, connections: readonly Connection[]): NetworkDevice {
  const follow = (object: BusObject | null, face: string, property: string): BusObject | null =>
    objects.get(object?.paths(face, property)[0] ?? '');
  const face = faceOf(device);
  const active = follow(device, 'Device', 'ActiveConnection');
  const ip4 = follow(device, 'Device', 'Ip4Config');
  const ip6 = follow(device, 'Device', 'Ip6Config');
  const bridge = follow(active, 'Connection.Active', 'Controller');
  const point = follow(device, 'Device.Wireless', 'ActiveAccessPoint');
  const speed = device.number('Device.Wired', 'Speed');
  const ssid = point?.bytes('AccessPoint', 'Ssid') ?? new Uint8Array();
  const uuid = active?.text('Connection.Active', 'Uuid') ?? null;
  const connection = connections.find(({ id }) => id === uuid);
  return {
    name: device.text('Device', 'Interface') ?? '',
    kind: kindOf(device),
    state: stateOf(device, face),
    mac: device.text('Device', 'HwAddress'),
    speed: speed !== null && speed > 0 ? speed : null,
    addresses: [...addresses(ip4, 'IP4Config'), ...addresses(ip6, 'IP6Config')],
    gateway: ip4?.text('IP4Config', 'Gateway') ?? ip6?.text('IP6Config', 'Gateway') ?? null,
    nameservers: (ip4?.each('IP4Config', 'NameserverData', 'address') ?? []).map(textOf).filter(isText),
    connection:
      connection === undefined
        ? null
        : { id: connection.id, name: connection.name, addresses: connection.addresses },
    bridge: bridge?.text('Device', 'Interface') ?? null,
    ports: device
      .paths('Device', 'Ports')
      .map((path) => objects.get(path)?.text('Device', 'Interface') ?? null)
      .filter(isText),
    wifi:
      ssid.length === 0
        ? null
        : { ssid: hex(ssid), name: ssidText(ssid), signal: point?.number('AccessPoint', 'Strength') ?? 0 },
  };
}

// NMDeviceState: 10 unmanaged, 20 unavailable, 30 disconnected, 40 to 90 on the way, 100 activated, 110 on the way out.
function stateOf(device: BusObject, face: string): NetworkDevice['state'] {
  const state = device.number('Device', 'State') ?? 0;
  if (state >= 100 && state < 110) return 'connected';
  if (state >= 120) return 'failed';
  if (state >= 110) return 'ready';
  if (state >= 40) return 'connecting';
  if (face === 'Device.Wired' && !device.flag(face, 'Carrier')) return 'unplugged';
  return state >= 30 ? 'ready' : 'off';
}

function addresses(config: BusObject | null, face: string): string[] {
  if (config === null) return [];
  const lengths = config.each(face, 'AddressData', 'prefix').map(numberOf);
  return config
    .each(face, 'AddressData', 'address')
    .map((address, at) => `${textOf(address) ?? ''}/${lengths[at] ?? ''}`);
}

const isText = (value: string | null): value is string => value !== null;
