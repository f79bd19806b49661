// SPDX-License-Identifier: Apache-2.0
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serveUpdates } from '../drive/update-server.ts';
import { updateFolder } from '../images.ts';
import { flipBit } from '../pc/partitions.ts';
import { anyPc } from '../pc/pc-spec.ts';
import { copyOf } from './copy-of.ts';
import { must } from './expect.ts';
import { call } from './guest-service.ts';
import { whenUp, type Guest } from './guest.ts';
import type { Findings, Stage, StageContext } from './stage.ts';
import { startSystem } from './system.ts';
import { refusedUpdate, updateFrom, versionOf } from './update.ts';

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
    'what is not signed, not whole or not healthy never stays: it is refused, or the PC rolls back by itself',
  images: [{ edition: 'headless' }, { edition: 'headless', which: 'second' }],
  after: ['update'],
  seconds: 900,
  async run(context) {
    return { ...(await refused(context)), ...(await unhealthy(context)), ...(await damaged(context)) };
  },
};

async function refused(context: StageContext): Promise<Findings> {
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
}

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

/** Version 2 in which the service does not come up: a drop-in that the firmware hands over, as no image of ours has it. */
async function unhealthy(context: StageContext): Promise<Findings> {
  const next = context.image('headless', 'second');
  await using server = await serveUpdates(updateFolder(next));
  const breaks = `[Service]\nExecStartPre=/bin/sh -c '. /usr/lib/os-release; [ "$IMAGE_VERSION" != "${next.version}" ]'\n`;
  await using pc = await startSystem(context, {
    credentials: { 'systemd.unit-dropin.phyllome.service~lab': breaks },
  });
  const guest = await whenUp(pc);
  await updateFrom(guest, server);
  const from = pc.serial.mark();
  await call(guest, 'osPower', { body: { action: 'restart' } }, { last: false });
  const back = await backOnFirst(context, pc, guest, from);
  await pc.powerOff();
  return { 'unhealthy version': back };
}

/** Version 2 whose /usr was damaged on the disk after it was installed. */
async function damaged(context: StageContext): Promise<Findings> {
  const next = context.image('headless', 'second');
  await using server = await serveUpdates(updateFolder(next));
  // As long as on any PC, and not as long as the lab waits for devices elsewhere: each try waits for a /usr in vain.
  const kernelArguments = anyPc.kernelArguments.filter((one) => !one.includes('device_timeout'));
  await using pc = await startSystem(context, { kernelArguments });
  const guest = await whenUp(pc);
  await updateFrom(guest, server);
  await guest.sh(`for one in $(lsblk -n -l -o PATH,PARTLABEL | sed -n 's/ *phyllome_${next.version}$//p'); do
  printf spoiled | dd of=$one bs=1 seek=17 conv=notrunc,fsync
done`);
  const from = pc.serial.mark();
  await call(guest, 'osPower', { body: { action: 'restart' } }, { last: false });
  const back = await backOnFirst(context, pc, guest, from);
  await pc.powerOff();
  return { 'damaged version': back };
}

// Three tries and the way back, each a boot of its own (s).
const wayBack = 1200;

async function backOnFirst(
  context: StageContext,
  pc: Awaited<ReturnType<typeof startSystem>>,
  before: Guest,
  from: number,
): Promise<string> {
  const first = context.image('headless').version;
  const began = Date.now();
  let last = before.bootId;
  // Each try may come up far enough for the test unit to speak; the one that stays is waited for.
  for (;;) {
    const left = wayBack - (Date.now() - began) / 1000;
    last = await pc.agent.boot({ seconds: left, than: last });
    const seen = await pc.agent
      .run('. /usr/lib/os-release; echo $IMAGE_VERSION', { seconds: 120 })
      .catch(() => null);
    if (seen?.output.trim() !== first) continue;
    const guest = await whenUp(pc, { from: pc.serial.mark(), than: before.bootId });
    const { notice } = await call(guest, 'osStatus');
    must(notice !== null, 'it says that it went back');
    const tries = pc.serial
      .lines()
      .slice(from)
      .filter((line) => line.includes('BdsDxe: starting Boot')).length;
    context.say(`back on version ${first} after ${tries} starts: ${notice.text}`);
    return `${notice.what} after ${tries} starts`;
  }
}
