// SPDX-License-Identifier: Apache-2.0
//
// What NetworkManager 1.52 answered on a PC whose wired device had just become the port of a bridge, before anybody
// confirmed it. Wi-Fi is added by tests: there was none to record.
import { readFileSync } from 'node:fs';
import { service, settingsConnection, type Ask } from './ask.ts';

export interface Recording {
  awake: number;
  objects: Record<string, Record<string, Record<string, { type: string; data: unknown }>>>;
  settings: Record<string, Record<string, Record<string, { type: string; data: unknown }>>>;
}

export function recording(): Recording {
  return JSON.parse(readFileSync(new URL('fixtures/bridge.json', import.meta.url), 'utf8')) as Recording;
}

export function askRecording({ objects, settings }: Recording): Ask {
  return (path, method) => {
    if (method.endsWith('GetManagedObjects')) return Promise.resolve([objects]);
    if (method === `${settingsConnection}.GetSettings` && path in settings)
      return Promise.resolve([settings[path]]);
    return Promise.reject(new Error(`not recorded: ${path} ${method}`));
  };
}

/** An access point as NetworkManager tells of it. */
export function accessPoint(
  ssid: string | readonly number[],
  { strength = 50, flags = 1, wpa = 0, rsn = 0 } = {},
): Recording['objects'][string] {
  const bytes = typeof ssid === 'string' ? [...Buffer.from(ssid, 'utf8')] : ssid;
  return {
    [`${service}.AccessPoint`]: {
      Ssid: { type: 'ay', data: bytes },
      Strength: { type: 'y', data: strength },
      Flags: { type: 'u', data: flags },
      WpaFlags: { type: 'u', data: wpa },
      RsnFlags: { type: 'u', data: rsn },
    },
  };
}
