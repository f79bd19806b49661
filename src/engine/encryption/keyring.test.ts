// SPDX-License-Identifier: Apache-2.0
//
// With a real keyring in a D-Bus session of its own, where both are installed; its home is a folder of this test.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findBinary } from '../../host/binaries.ts';
import { createKeyring } from './keyring.ts';

const missing = ['secret-tool', 'gnome-keyring-daemon', 'dbus-run-session'].filter(
  (tool) => findBinary(tool) === null,
);
const why = missing.length === 0 ? '' : ` (not installed: ${missing.join(', ')})`;

test('without a session it says so, and what to do', async () => {
  const keyring = createKeyring({ HOME: '/nonexistent' });
  await expect(keyring.keep(Buffer.alloc(32, 1), 'vault')).rejects.toMatchObject({
    code: 'key-holder-unavailable',
    hint: expect.stringContaining('passphrase always works'),
  });
});

test.skipIf(missing.length > 0)(
  `a keyring keeps a key, gives it back and forgets it${why}`,
  { timeout: 30_000 },
  async () => {
    const home = await mkdtemp(join(tmpdir(), 'phring-'));
    const script =
      'printf pass | gnome-keyring-daemon --daemonize --unlock --components=secrets >/dev/null 2>&1; echo $DBUS_SESSION_BUS_ADDRESS; read -r line';
    const session = spawn('dbus-run-session', ['--', 'sh', '-c', script], {
      env: { PATH: process.env['PATH'], HOME: home, XDG_RUNTIME_DIR: home, XDG_DATA_HOME: home },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    try {
      const [address] = (await once(session.stdout, 'data')) as [Buffer];
      const keyring = createKeyring({
        HOME: home,
        XDG_RUNTIME_DIR: home,
        DBUS_SESSION_BUS_ADDRESS: address.toString().trim(),
      });
      const key = Buffer.alloc(32, 7);
      const note = await keyring.keep(key, 'vault, "one"');
      expect(JSON.stringify(note)).not.toContain(key.toString('base64'));
      expect(await keyring.fetch(note)).toEqual(key);
      expect(await keyring.fetch({ entry: 'another' })).toBeNull();
      await keyring.forget(note);
      expect(await keyring.fetch(note)).toBeNull();
    } finally {
      session.stdin.end('\n');
      await once(session, 'exit');
      await rm(home, { recursive: true, force: true });
    }
  },
);
