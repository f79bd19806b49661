// SPDX-License-Identifier: Apache-2.0
//
// Connections as files of NetworkManager (nm-settings-keyfile(5)). Pure. Files, not arguments: passphrases are in no list of
// processes, and names of networks stay the bytes that they are.
import type { SetAddresses, StaticAddresses } from '../../../contract/network.ts';

type Groups = Readonly<Record<string, Readonly<Record<string, string | number | undefined>>>>;

/** Which connection a device gets at the next start. What NetworkManager makes by itself has -999. */
const priority = { addresses: 10, port: 20 } as const;

/** @param passphrase null: the network has none */
export function wifiProfile(id: string, { ssid, passphrase, hidden, security }: WifiWish): string {
  const protection =
    security === 'open'
      ? {}
      : {
          'wifi-security':
            security === 'owe'
              ? { 'key-mgmt': 'owe' }
              : { 'key-mgmt': security === 'sae' ? 'sae' : 'wpa-psk', psk: escaped(passphrase ?? '') },
        };
  return keyfile({
    // The name is for files and lists of NetworkManager; ours come from the bytes.
    connection: { id: `wifi-${ssid}`, uuid: id, type: 'wifi' },
    // Numbers are read as bytes, whatever they stand for.
    wifi: { mode: 'infrastructure', ssid: bytesOf(ssid), ...(hidden && { hidden: 'true' }) },
    ...protection,
    ipv4: { method: 'auto' },
    ipv6: { method: 'auto' },
  });
}

export interface WifiWish {
  /** Hexadecimal */
  ssid: string;
  passphrase: string | undefined;
  hidden: boolean;
  security: 'open' | 'owe' | 'wpa' | 'sae';
}

export function wiredProfile(id: string, device: string, addresses: SetAddresses['addresses']): string {
  return keyfile({
    connection: {
      id: `wired-${device}`,
      uuid: id,
      type: 'ethernet',
      'interface-name': device,
      'autoconnect-priority': priority.addresses,
    },
    ethernet: {},
    ...addressing(addresses),
  });
}

/** @param mac of the wired device: with it, a DHCP server gives the bridge the addresses that the device had */
export function bridgeProfile(
  id: string,
  bridge: string,
  mac: string | null,
  addresses: SetAddresses['addresses'],
): string {
  return keyfile({
    connection: { id: `bridge-${bridge}`, uuid: id, type: 'bridge', 'interface-name': bridge },
    // Without waiting: nothing can be plugged in a circle here. Guests' packets would be lost meanwhile.
    bridge: { stp: 'false' },
    ethernet: { 'cloned-mac-address': mac ?? undefined },
    ...addressing(addresses),
  });
}

export function portProfile(id: string, device: string, bridge: string): string {
  return keyfile({
    connection: {
      id: `port-${device}`,
      uuid: id,
      type: 'ethernet',
      'interface-name': device,
      controller: bridge,
      'port-type': 'bridge',
      'autoconnect-priority': priority.port,
    },
    ethernet: {},
  });
}

function addressing(addresses: SetAddresses['addresses']): Groups {
  return { ipv4: addresses === 'dhcp' ? { method: 'auto' } : fixed(addresses), ipv6: { method: 'auto' } };
}

const fixed = ({ address, gateway, nameservers }: StaticAddresses): Groups[string] => ({
  method: 'manual',
  address1: gateway === undefined ? address : `${address},${gateway}`,
  dns: nameservers.length > 0 ? `${nameservers.join(';')};` : undefined,
});

function keyfile(groups: Groups): string {
  return Object.entries(groups)
    .map(([name, values]) => {
      const lines = Object.entries(values).flatMap(([key, value]) =>
        value === undefined ? [] : [`${key}=${value}`],
      );
      return [`[${name}]`, ...lines, ''].join('\n');
    })
    .join('\n');
}

const bytesOf = (hex: string): string => hex.replaceAll(/../g, (pair) => `${Number.parseInt(pair, 16)};`);

// GLib's key files take these in values; a blank at the beginning would be lost.
const escaped = (value: string): string => value.replaceAll('\\', '\\\\').replaceAll(' ', '\\s');
