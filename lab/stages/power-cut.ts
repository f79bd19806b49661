// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import type { InstallAnswers } from '../../src/contract/os-install.ts';
import type { Task } from '../../src/contract/task.ts';
import { serveUpdates } from '../drive/update-server.ts';
import { updateFolder } from '../images.ts';
import { anyPc } from '../pc/pc-spec.ts';
import { startPc, type Pc } from '../pc/pc.ts';
import { must } from './expect.ts';
import { call, type Moment } from './guest-service.ts';
import { whenUp, type Guest } from './guest.ts';
import { answersFor, installWith, offerOf, twins } from './install.ts';
import { startLive } from './live-system.ts';
import type { Findings, Stage, StageContext } from './stage.ts';
import { systemDisk } from './system.ts';
import { restart, updateFrom, versionOf } from './update.ts';

// When the plug is pulled: as soon as the task has come there. The update's kernel is loaded last, and written when it is there.
const ofUpdate: readonly Moment[] = [
  { step: 'Looking' },
  { step: 'Loading', fraction: 0.4 },
  { step: 'Loading', fraction: 0.87 },
  { step: 'Checking' },
];
const ofInstallation: readonly Moment[] = [
  { step: 'Preparing' },
  { step: 'Copying', fraction: 0.1 },
  { step: 'Copying', fraction: 0.8 },
  { step: 'Making it start' },
];

export const powerCut: Stage = {
  name: 'power-cut',
  shows:
    'in whichever step of an update or an installation the plug is pulled, the PC starts afterwards, and the work can be done again',
  images: [{ edition: 'headless' }, { edition: 'headless', which: 'second' }],
  after: ['update', 'install'],
  seconds: 2000,
  async run(context) {
    return { ...(await duringUpdate(context)), ...(await duringInstallation(context)) };
  },
};

async function duringUpdate(context: StageContext): Promise<Findings> {
  const { file, version: first } = context.image('headless');
  const second = context.image('headless', 'second');
  const next = second.version;
  // Slow enough that the middle of loading can be seen.
  await using server = await serveUpdates(updateFolder(second), 10_000_000);
  const disk = await systemDisk(context, file);
  const start = (): Promise<Pc> =>
    startPc({ tools: context.tools, spec: { ...anyPc, disks: [disk] }, folder: join(context.work, 'pc') });
  const cuts: string[] = [];
  for (const [index] of ofUpdate.entries()) {
    await using pc = await start();
    const guest = await whenUp(pc, { from: pc.serial.mark() });
    const version = await versionOf(guest);
    // As soon as the kernel of the new version is there, either may start.
    if (version === next && cuts.length > 0) break;
    must(version === first, `version ${first} runs after a cut at: ${cuts.at(-1)}`, version);
    await call(guest, 'setChannel', { body: { url: server.url } });
    // Past it counts, too: a step may be over before anybody looks.
    const task = await call(guest, 'osUpdate', { body: {} }, { until: ofUpdate.slice(index) });
    cuts.push(placeOf(task));
    await pc.powerCut();
  }
  await using pc = await start();
  const guest = await whenUp(pc, { from: pc.serial.mark() });
  const after = await versionOf(guest);
  must([first, next].includes(after), 'one of both versions runs after the last cut', after);
  if (after === first) {
    await updateFrom(guest, server);
    must((await versionOf(await restart(pc, guest))) === next, 'the update goes through afterwards');
  }
  await pc.powerOff();
  return { 'an update was cut at': cuts, 'and then began version': after };
}

async function duringInstallation(context: StageContext): Promise<Findings> {
  const [target, other] = await twins(context);
  const chosen = async (guest: Guest): Promise<{ id: string; name: string }> => {
    const { disks } = await offerOf(guest);
    const found = disks.find((disk) => disk.serial === target.id);
    must(found?.refused === null, 'the disk can be chosen, also after a cut', found);
    return found;
  };
  const cuts: string[] = [];
  for (const [index] of ofInstallation.entries()) {
    const { pc, guest } = await startLive(context, [target, other]);
    await using _ = pc;
    const body = answersFor(await chosen(guest)) as InstallAnswers;
    const task = await call(guest, 'osInstall', { body }, { until: ofInstallation.slice(index) });
    cuts.push(placeOf(task));
    await pc.powerCut();
  }
  {
    const { pc, guest } = await startLive(context, [target, other]);
    await using _ = pc;
    const { code, output } = await installWith(guest, answersFor(await chosen(guest)));
    must(code === 0, 'the installation goes through afterwards', output.slice(-1500));
    await pc.powerOff();
  }
  await using pc = await startPc({
    tools: context.tools,
    spec: { ...anyPc, disks: [target, other] },
    folder: join(context.work, 'live-pc'),
  });
  await whenUp(pc, { from: pc.serial.mark() });
  await pc.powerOff();
  return { 'an installation was cut at': cuts };
}

const placeOf = ({ step, fraction }: Task): string =>
  `${step}${fraction === null ? '' : ` ${Math.round(fraction * 100)} %`}`;
