// SPDX-License-Identifier: Apache-2.0
//
// Networks in reach: access points of the same name and kind are one network.
import type { WifiNetwork } from '../../contract/network.ts';
import type { Connection } from './connections.ts';
import type { BusObject, BusObjects } from './objects.ts';
import { hex, ssidText } from './ssid.ts';

// NM80211ApFlags and NM80211ApSecurityFlags of NetworkManager's D-Bus description.
const privacy = 0x1;
const keyManagement = { psk: 0x100, enterprise: 0x200, sae: 0x400, owe: 0x800, suiteB: 0x2000 } as const;

/** The strongest first, what this PC is in before all others. */
export function wifiNetworks(objects: BusObjects, connections: readonly Connection[]): WifiNetwork[] {
  const current = new Set(
    objects.with('Device.Wireless').flatMap((device) => device.paths('Device.Wireless', 'ActiveAccessPoint')),
  );
  const found = new Map<string, WifiNetwork>();
  for (const point of objects.with('AccessPoint')) {
    const bytes = point.bytes('AccessPoint', 'Ssid');
    // A network that hides its name tells none, or zeros in its place.
    if (bytes.every((byte) => byte === 0)) continue;
    const ssid = hex(bytes);
    const security = securityOf(point);
    const key = `${ssid} ${security}`;
    const before = found.get(key);
    found.set(key, {
      ssid,
      name: ssidText(bytes),
      signal: Math.min(100, Math.max(before?.signal ?? 0, point.number('AccessPoint', 'Strength') ?? 0)),
      security,
      connected: current.has(point.path) || before?.connected === true,
      known: connections.find((connection) => connection.ssid === ssid)?.id ?? null,
    });
  }
  return [...found.values()].sort(
    (a, b) => Number(b.connected) - Number(a.connected) || b.signal - a.signal || (a.ssid < b.ssid ? -1 : 1),
  );
}

function securityOf(point: BusObject): WifiNetwork['security'] {
  const flags = (property: string): number => point.number('AccessPoint', property) ?? 0;
  const keys = flags('WpaFlags') | flags('RsnFlags');
  // One that takes a passphrase is joined with it, whatever else it takes.
  if ((keys & keyManagement.psk) !== 0) return 'wpa';
  if ((keys & keyManagement.sae) !== 0) return 'sae';
  if ((keys & (keyManagement.enterprise | keyManagement.suiteB)) !== 0) return 'enterprise';
  if ((keys & keyManagement.owe) !== 0) return 'owe';
  return keys === 0 && (flags('Flags') & privacy) !== 0 ? 'wep' : 'open';
}
