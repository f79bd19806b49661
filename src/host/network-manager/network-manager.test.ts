// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { askBy, service } from './ask.ts';
import { ssidText } from './ssid.ts';
import { readNetwork, statusOf, wifiOf } from './status.ts';
import { accessPoint, askRecording, recording } from './testing.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const psk = 0x100;

describe('what NetworkManager answered', () => {
  test('devices, addresses, the bridge and what waits', async () => {
    const recorded = recording();
    const status = statusOf(await readNetwork(askRecording(recorded)), 'attic', recorded.awake);
    expect(status).toMatchObject({ hostName: 'attic', internet: 'yes', wifi: false });
    const [bridge] = status.devices;
    expect(bridge).toMatchObject({
      name: 'br0',
      kind: 'bridge',
      state: 'connected',
      gateway: '192.168.77.1',
      ports: ['eth0'],
      connection: { name: 'bridge-br0', addresses: 'static' },
    });
    expect(bridge?.addresses[0]).toBe('192.168.77.10/24');
    expect(status.devices.find(({ name }) => name === 'eth0')).toMatchObject({
      kind: 'wired',
      bridge: 'br0',
      addresses: [],
      mac: bridge?.mac,
      speed: 10_000,
    });
    expect(status.devices.map(({ name }) => name)).not.toContain('lo');
    expect(status.known.map(({ name }) => name)).not.toContain('lo');
    expect(status.pending?.secondsLeft).toBe(50);
    expect(status.pending?.devices).toContain('eth0');
  });

  test('a connection that goes away while it is read is left out', async () => {
    const recorded = recording();
    const [path] = Object.keys(recorded.settings);
    delete recorded.settings[path as string];
    const { connections } = await readNetwork(askRecording(recorded));
    expect(connections.map((one) => one.path)).not.toContain(path);
    expect(connections.length).toBeGreaterThan(0);
  });

  test('what is no JSON is no answer', async () => {
    await expect(askBy(() => Promise.resolve('Failed: hm'))('/', 'a.b')).rejects.toMatchObject({
      code: 'network-manager-lost',
    });
  });
});

describe('names of networks', () => {
  test.each([
    ['Café du coin', 'Café du coin'],
    ['a:b"c\'d\\e', 'a:b"c\'d\\e'],
    ['🏠 home', '🏠 home'],
    ['IN-USE:*\nSSID:evil', 'IN-USE:*\u{FFFD}SSID:evil'],
    ['\u001B[31mred\u0007', '\u{FFFD}[31mred\u{FFFD}'],
    ['ab\u202Ecd', 'ab\u{FFFD}cd'],
  ])('%j is shown as %j', (ssid, shown) => {
    expect(ssidText(bytes(ssid))).toBe(shown);
  });

  test('bytes that are no text', () => {
    expect(ssidText(Uint8Array.of(0x41, 0xff, 0x20, 0x0a))).toBe('A\\xff\\x20\\x0a');
  });
});

describe('networks in reach', () => {
  const heard = async (points: ReturnType<typeof accessPoint>[], current = -1) => {
    const recorded = recording();
    for (const [at, point] of points.entries()) recorded.objects[`/ap/${at}`] = point;
    recorded.objects['/wlan0'] = {
      [`${service}.Device`]: {
        Interface: { type: 's', data: 'wlan0' },
        DeviceType: { type: 'u', data: 2 },
        State: { type: 'u', data: current < 0 ? 30 : 100 },
      },
      [`${service}.Device.Wireless`]: {
        ActiveAccessPoint: { type: 'o', data: current < 0 ? '/' : `/ap/${current}` },
      },
    };
    recorded.objects['/known'] = { [`${service}.Settings.Connection`]: {} };
    recorded.settings['/known'] = {
      connection: {
        id: { type: 's', data: 'anything' },
        uuid: { type: 's', data: 'the-id' },
        type: { type: 's', data: '802-11-wireless' },
      },
      '802-11-wireless': { ssid: { type: 'ay', data: [...bytes('home')] } },
    };
    return readNetwork(askRecording(recorded));
  };

  test('access points of one name are one network, the strongest counts, one that is in use comes first', async () => {
    const view = await heard(
      [
        accessPoint('loud', { strength: 90, flags: 0 }),
        accessPoint('home', { strength: 30, rsn: psk }),
        accessPoint('home', { strength: 60, rsn: psk }),
      ],
      1,
    );
    expect(wifiOf(view)).toEqual([
      { ssid: '686f6d65', name: 'home', signal: 60, security: 'wpa', connected: true, known: 'the-id' },
      { ssid: '6c6f7564', name: 'loud', signal: 90, security: 'open', connected: false, known: null },
    ]);
    const wlan = statusOf(view, 'x', 0).devices.find(({ name }) => name === 'wlan0');
    expect(wlan?.wifi).toEqual({ ssid: '686f6d65', name: 'home', signal: 30 });
  });

  test('an open network that has the name of a protected one is another one', async () => {
    const found = wifiOf(await heard([accessPoint('home', { rsn: psk }), accessPoint('home', { flags: 0 })]));
    expect(found.map(({ security }) => security).sort()).toEqual(['open', 'wpa']);
  });

  test('those that hide their name are left out', async () => {
    expect(wifiOf(await heard([accessPoint(''), accessPoint([0, 0, 0])]))).toEqual([]);
  });

  test.each([
    [{ flags: 0 }, 'open'],
    [{ flags: 1 }, 'wep'],
    [{ wpa: psk }, 'wpa'],
    [{ rsn: psk | 0x400 }, 'wpa'],
    [{ rsn: 0x400 }, 'sae'],
    [{ rsn: 0x800, flags: 0 }, 'owe'],
    [{ rsn: 0x200 }, 'enterprise'],
    [{ rsn: 0x2000 }, 'enterprise'],
  ])('flags %j are %s', async (flags, security) => {
    expect(wifiOf(await heard([accessPoint('a', flags)]))[0]?.security).toBe(security);
  });
});
