// SPDX-License-Identifier: Apache-2.0
//
// NetworkManager as root uses it: asked over D-Bus, told by files of connections and by nmcli, whose arguments are ids only.
import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PhyllomeError } from '../../../contract/errors.ts';
import { writeAtomic } from '../../../host/files.ts';
import { askBy, type Ask } from '../../../host/network-manager/ask.ts';
import { osTool } from '../os-tool.ts';

// How long a connection may take to come up (s): Wi-Fi with a slow DHCP server takes half of it.
const patience = 45;

// Connections in the first folder are forgotten by a restart of this PC, those in the second are not.
const folders = {
  volatile: 'run/NetworkManager/system-connections',
  kept: 'etc/NetworkManager/system-connections',
} as const;

export interface Manager {
  ask: Ask;
  /** Makes NetworkManager know a connection. @returns its id */
  add(profile: (id: string) => string, keep: boolean): Promise<string>;
  /** @throws PhyllomeError `os-tool-failed` with nmcli's reason */
  activate(id: string): Promise<void>;
  deactivate(id: string): Promise<void>;
  forget(id: string): Promise<void>;
}

export function openManager(root: string, signal: AbortSignal): Manager {
  const nmcli = (...words: string[]): Promise<string> =>
    osTool(root, ['/usr/bin/nmcli', ...words], { signal });
  return {
    ask: askBy((words) => osTool(root, ['/usr/bin/busctl', ...words], { signal })),
    async add(profile, keep) {
      const id = randomUUID();
      const folder = join(root, keep ? folders.kept : folders.volatile);
      await mkdir(folder, { recursive: true, mode: 0o755 });
      const file = join(folder, `phyllome-${id}.nmconnection`);
      // 0600, which NetworkManager insists on: there are passphrases in it.
      await writeAtomic(file, profile(id));
      try {
        await nmcli('connection', 'load', file);
      } catch (error) {
        await rm(file, { force: true });
        throw error;
      }
      return id;
    },
    activate: async (id) => void (await nmcli(`--wait=${patience}`, 'connection', 'up', 'uuid', id)),
    deactivate: async (id) => void (await nmcli('connection', 'down', 'uuid', id)),
    forget: async (id) => void (await nmcli('connection', 'delete', 'uuid', id)),
  };
}

/** nmcli's words for why a connection did not come up, without its own name for the connection. */
export function reasonOfFailure(error: unknown): string {
  const reason = PhyllomeError.from(error).facts['reason'];
  const words = typeof reason === 'string' ? reason : PhyllomeError.from(error).message;
  return words
    .split('\n')
    .filter((line) => !line.startsWith('Hint:'))
    .join(' ')
    .replace(/^Error: (Connection activation failed: )?/, '')
    .replace(/ \(code \d+\)$/, '')
    .replace(/\.$/, '');
}
