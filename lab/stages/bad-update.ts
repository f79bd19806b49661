// SPDX-License-Identifier: Apache-2.0
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serveUpdates } from '../drive/update-server.ts';
import { updateFolder } from '../images.ts';
import { flipBit } from '../pc/partitions.ts';
import { copyOf } from './copy-of.ts';
import { must } from './expect.ts';
import { call } from './guest-service.ts';
import { whenUp, type Guest } from './guest.ts';
import type { Findings, Stage, StageContext } from './stage.ts';
import { startSystem } from './system.ts';
import { refusedUpdate, versionOf } from './update.ts';

/** Ways to spoil a folder of an update, and the PC must refuse each and stay as it is. */
const spoilers: Readonly<Record<string, (folder: string) => Promise<void>>> = {
  'a list that was changed after it was signed': async (folder) => {
    const list = join(folder, 'SHA256SUMS');
    await writeFile(
      list,
      (await readFile(list, 'utf8')).replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
    );
  },
  'no signature': (folder) => rm(join(folder, 'SHA256SUMS.gpg')),
  'a file that is not what the list says': async (folder) => {
    // A folder may hold versions before as well.
    for (const name of await readdir(folder))
      if (name.endsWith('.efi')) await flipBit(join(folder, name), 100_000);
  },
};

export const badUpdate: Stage = {
  name: 'bad-update',
  shows:
    'an update that is not signed, not whole, not for this PC or older is refused, each with its reason, and nothing changes',
  images: [{ edition: 'headless' }, { edition: 'headless', which: 'second' }],
  after: ['update'],
  seconds: 480,
  async run(context) {
    const next = context.image('headless', 'second');
    const findings: Findings = {};
    await using pc = await startSystem(context);
    const guest = await whenUp(pc);
    for (const [what, spoil] of Object.entries(spoilers)) {
      const folder = await copyOf(updateFolder(next), join(context.work, 'spoiled'));
      await spoil(folder);
      findings[what] = await refusal(guest, folder, what);
    }
    // Others' files, under names of their own and signed by whoever builds: none is for this PC.
    must(context.keys !== null, 'the keys of the builder are there (--keys)');
    for (const [what, from, to] of [
      ['another architecture', '-x86-64_', '-arm64_'],
      ['another edition', '-headless-', '-desktop-'],
      ['an older version', `_${next.version}`, '_0'],
    ] as const) {
      const folder = await copyOf(updateFolder(next), join(context.work, 'spoiled'));
      const list = join(folder, 'SHA256SUMS');
      await writeFile(list, (await readFile(list, 'utf8')).replaceAll(from, to));
      for (const name of await readdir(folder))
        if (name.includes(from)) await rename(join(folder, name), join(folder, name.replace(from, to)));
      await sign(context, context.keys, folder);
      findings[what] = await refusal(guest, folder, what);
    }
    must((await versionOf(guest)) === context.image('headless').version, 'the old version still runs');
    await pc.powerOff();
    return findings;
  },
};

/** As the builder does it. */
async function sign({ tools }: StageContext, keys: string, folder: string): Promise<void> {
  const list = join(folder, 'SHA256SUMS');
  const quietly = ['--batch', '--yes', '--pinentry-mode', 'loopback', '--passphrase', ''];
  const home = ['--homedir', join(keys, 'gnupg')];
  await tools.run('gpg', ...home, ...quietly, '--detach-sign', '--output', `${list}.gpg`, list);
}

async function refusal(guest: Guest, folder: string, what: string): Promise<string> {
  await using server = await serveUpdates(folder);
  await call(guest, 'setChannel', { body: { url: server.url } });
  const { code, message } = await refusedUpdate(guest, what);
  return `${code}: ${message}`;
}
