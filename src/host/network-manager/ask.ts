// SPDX-License-Identifier: Apache-2.0
//
// NetworkManager, asked over D-Bus by systemd's busctl. Its answers are JSON with names of networks as bytes: nmcli's own
// output is for people, and a hostile name can look like a field or a line of it.
import { PhyllomeError } from '../../contract/errors.ts';

export const service = 'org.freedesktop.NetworkManager';
export const managerPath = '/org/freedesktop/NetworkManager';
export const settingsConnection = `${service}.Settings.Connection`;

/** Runs busctl with these arguments. @returns what it printed */
export type Busctl = (words: readonly string[]) => Promise<string>;

/** Calls a method. @returns its values */
export type Ask = (path: string, method: string, ...signatureAndValues: string[]) => Promise<unknown[]>;

// How long NetworkManager may take to say what it knows (s). Changes are not made this way.
const patience = 10;

/** @param method interface and name, joined by a dot */
export function askBy(busctl: Busctl): Ask {
  return async (path, method, ...values) => {
    const dot = method.lastIndexOf('.');
    const words = ['call', service, path, method.slice(0, dot), method.slice(dot + 1), ...values];
    const text = await busctl(['--system', '--json=short', `--timeout=${patience}`, ...words]);
    if (text.trim() === '') return [];
    try {
      return (JSON.parse(text) as { data?: unknown[] }).data ?? [];
    } catch (cause) {
      throw new PhyllomeError('network-manager-lost', { reason: 'its answer is not JSON' }, { cause });
    }
  };
}
