// SPDX-License-Identifier: Apache-2.0
//
// How a PC that runs Phyllome OS is connected: what it has to connect with, what is in reach, and what is changed about it.
// A change that could cut off whoever makes it takes itself back unless it is confirmed.
import { Type, type Static, type TSchema } from './schema.ts';

const OneOf = <const Values extends readonly string[]>(values: Values, options: object = {}) =>
  Type.Unsafe<Values[number]>({ type: 'string', enum: [...values], ...options });
const Maybe = <Schema extends TSchema>(schema: Schema, options: { description?: string } = {}) =>
  Type.Union([schema, Type.Null()], options);

/** How long a change waits for its confirmation before it is taken back (s). */
export const confirmSeconds = 60;

/** Names of network devices as the kernel takes them, without what a shell or a file could misread. */
const deviceName = '^[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$';
const uuid = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';
const ipv4 = '^((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])$';

/** A network's name is up to 32 bytes of anything: hexadecimal here, so that every network can be named. */
const Ssid = Type.String({
  pattern: '^([0-9a-f]{2}){1,32}$',
  description: 'The name of a Wi-Fi network, its bytes in hexadecimal',
});

export const DeviceName = Type.String({ pattern: deviceName, description: 'e.g. enp1s0' });
export const ConnectionId = Type.String({ pattern: uuid, description: 'Of a remembered network' });

export const NetworkDevice = Type.Object(
  {
    name: Type.String(),
    kind: OneOf(['wired', 'wifi', 'bridge', 'other']),
    state: OneOf(['off', 'unplugged', 'ready', 'connecting', 'connected', 'failed'], {
      description: 'ready: it could be connected',
    }),
    mac: Maybe(Type.String()),
    speed: Maybe(Type.Integer({ description: 'Mbit/s, as the device says' })),
    addresses: Type.Array(Type.String(), { description: 'IPv4 and IPv6, with the length of their prefix' }),
    gateway: Maybe(Type.String()),
    nameservers: Type.Array(Type.String()),
    connection: Maybe(
      Type.Object({
        id: Type.String(),
        name: Type.String(),
        addresses: OneOf(['dhcp', 'static'], { description: 'Where its IPv4 addresses are from' }),
      }),
    ),
    bridge: Maybe(Type.String(), { description: 'The bridge that it is a port of' }),
    ports: Type.Array(Type.String(), { description: 'Of a bridge' }),
    wifi: Maybe(Type.Object({ ssid: Type.String(), name: Type.String(), signal: Type.Integer() }), {
      description: 'The network that a Wi-Fi device is in',
    }),
  },
  { title: 'NetworkDevice' },
);
export type NetworkDevice = Static<typeof NetworkDevice>;

export const WifiNetwork = Type.Object(
  {
    ssid: Type.String({ description: 'Bytes of its name in hexadecimal' }),
    name: Type.String({ description: 'For people; what cannot be shown is replaced' }),
    signal: Type.Integer({ minimum: 0, maximum: 100 }),
    security: OneOf(['open', 'owe', 'wep', 'wpa', 'sae', 'enterprise'], {
      description:
        'wpa and sae want a passphrase; owe encrypts without one; wep and enterprise cannot be joined from here',
    }),
    connected: Type.Boolean(),
    known: Maybe(Type.String(), { description: 'Id of the connection that is remembered for it' }),
  },
  { title: 'WifiNetwork' },
);
export type WifiNetwork = Static<typeof WifiNetwork>;

export const PendingChange = Type.Object(
  {
    secondsLeft: Type.Integer(),
    devices: Type.Array(Type.String()),
  },
  { title: 'PendingChange', description: 'A change that is taken back unless it is confirmed' },
);
export type PendingChange = Static<typeof PendingChange>;

export const NetworkStatus = Type.Object(
  {
    hostName: Type.String(),
    internet: OneOf(['yes', 'portal', 'limited', 'no', 'unknown'], {
      description:
        'portal: a page of the network wants something first; limited: only this network is reached',
    }),
    wifi: Type.Boolean({ description: 'This PC has Wi-Fi' }),
    devices: Type.Array(NetworkDevice),
    known: Type.Array(
      Type.Object({
        id: Type.String(),
        name: Type.String(),
        kind: OneOf(['wired', 'wifi', 'bridge', 'other']),
      }),
      { description: 'Connections that are remembered' },
    ),
    pending: Maybe(PendingChange),
  },
  { title: 'NetworkStatus' },
);
export type NetworkStatus = Static<typeof NetworkStatus>;

export const ConnectWifi = Type.Object(
  {
    ssid: Ssid,
    passphrase: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 128,
        pattern: '^[^\\x00-\\x1f\\x7f]*$',
        writeOnly: true,
        description: 'Left out: the network wants none, or it is remembered',
      }),
    ),
    hidden: Type.Boolean({ default: false, description: 'It does not tell its name' }),
  },
  { additionalProperties: false, title: 'ConnectWifi' },
);
export type ConnectWifi = Static<typeof ConnectWifi>;

const Address = Type.String({ pattern: `${ipv4.slice(0, -1)}/([1-9]|[12][0-9]|3[0-2])$` });
const Ipv4 = Type.String({ pattern: ipv4 });

export const StaticAddresses = Type.Object(
  {
    address: Type.String({ ...Address, description: 'With the length of its prefix: 192.168.1.10/24' }),
    gateway: Type.Optional(Ipv4),
    nameservers: Type.Array(Ipv4, { default: [], maxItems: 3 }),
  },
  { additionalProperties: false },
);
export type StaticAddresses = Static<typeof StaticAddresses>;

export const SetAddresses = Type.Object(
  {
    addresses: Type.Union([Type.Literal('dhcp'), StaticAddresses], {
      description: 'dhcp: the network gives them',
    }),
  },
  { additionalProperties: false, title: 'SetAddresses' },
);
export type SetAddresses = Static<typeof SetAddresses>;

export const MakeBridge = Type.Object(
  {
    name: DeviceName,
    device: Type.String({ ...DeviceName, description: 'The wired device that becomes its port' }),
  },
  { additionalProperties: false, title: 'MakeBridge' },
);
export type MakeBridge = Static<typeof MakeBridge>;
