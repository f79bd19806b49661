// SPDX-License-Identifier: Apache-2.0
//
// The keyring of the desktop (Secret Service: GNOME Keyring, KWallet, KeePassXC), by libsecret's secret-tool. It opens when
// its owner signs in.
import { randomUUID } from 'node:crypto';
import type { Holder } from './holders.ts';
import { runHolder, unavailable, type Answer } from './run-holder.ts';

const install = 'libsecret-tools (Debian, Ubuntu) or libsecret (Fedora)';
const signIn = 'Sign in to your desktop, or start the service from it ("phyllome down", then "phyllome up").';

const attributes = (entry: string): string[] => ['application', 'phyllome', 'entry', entry];

const failed = ({ complaint, code }: Answer) =>
  unavailable('keyring', complaint || `secret-tool ended with ${code}`, signIn);

export function createKeyring(env: Readonly<Record<string, string | undefined>>): Holder {
  const session = ['DBUS_SESSION_BUS_ADDRESS', 'XDG_RUNTIME_DIR', 'HOME', 'DISPLAY', 'WAYLAND_DISPLAY'];
  const given = Object.fromEntries(
    session.map((name) => [name, env[name]]).filter(([, value]) => value !== undefined),
  ) as Record<string, string>;
  const run = (parameters: readonly string[], input?: string): Promise<Answer> =>
    runHolder({ holder: 'keyring', tool: 'secret-tool', install, env: given }, parameters, input);

  return {
    name: 'keyring',
    async keep(key, machineName) {
      const entry = randomUUID();
      const label = `--label=Phyllome: disks of ${machineName}`;
      const answer = await run(['store', label, ...attributes(entry)], Buffer.from(key).toString('base64'));
      if (answer.code !== 0) throw failed(answer);
      return { entry };
    },
    async fetch({ entry = '' }) {
      const answer = await run(['lookup', ...attributes(entry)]);
      if (answer.code === 0) return Buffer.from(answer.output.toString('latin1'), 'base64');
      // It says nothing about what it does not have.
      if (answer.complaint === '') return null;
      throw failed(answer);
    },
    async forget({ entry = '' }) {
      const answer = await run(['clear', ...attributes(entry)]);
      if (answer.code !== 0 && answer.complaint !== '') throw failed(answer);
    },
  };
}
