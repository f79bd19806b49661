// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { patience } from '../drive/patience.ts';
import { serveUpdates } from '../drive/update-server.ts';
import { updateFolder } from '../images.ts';
import { anyPc } from '../pc/pc-spec.ts';
import { startPc, type Pc } from '../pc/pc.ts';
import { must } from './expect.ts';
import { call } from './guest-service.ts';
import { whenUp, type Guest } from './guest.ts';
import { answersFor, installWith, offerOf, twins } from './install.ts';
import { startLive } from './live-system.ts';
import type { Findings, Stage, StageContext } from './stage.ts';
import { systemDisk } from './system.ts';
import { restart, updateFrom, versionOf } from './update.ts';

// When the plug is pulled, after the work began (s on a quiet PC): early, while the large parts are written, and at the end.
const moments = [2, 10, 25] as const;

export const powerCut: Stage = {
  name: 'power-cut',
  shows:
    'whenever the plug is pulled during an update or an installation, the PC starts afterwards, and the work can be done again',
  images: [{ edition: 'headless' }, { edition: 'headless', which: 'second' }],
  after: ['update', 'install'],
  seconds: 1800,
  async run(context) {
    return { ...(await duringUpdate(context)), ...(await duringInstallation(context)) };
  },
};

async function duringUpdate(context: StageContext): Promise<Findings> {
  const next = context.image('headless', 'second');
  const first = context.image('headless').version;
  await using server = await serveUpdates(updateFolder(next));
  const disk = await systemDisk(context, context.image('headless').file);
  const start = (): Promise<Pc> =>
    startPc({ tools: context.tools, spec: { ...anyPc, disks: [disk] }, folder: join(context.work, 'pc') });
  const findings: Findings = {};
  for (const moment of moments) {
    await using pc = await start();
    const guest = await whenUp(pc, { from: pc.serial.mark() });
    must((await versionOf(guest)) === first, 'version 1 runs after a cut', await versionOf(guest));
    await call(guest, 'setChannel', { body: { url: server.url } });
    await call(guest, 'osUpdate', { body: {} }, { last: false });
    await delay(patience(moment));
    findings[`update, cut after ${moment} s`] = await stepOf(guest);
    await pc.powerCut();
  }
  await using pc = await start();
  const guest = await whenUp(pc, { from: pc.serial.mark() });
  must((await versionOf(guest)) === first, 'version 1 runs after the last cut');
  await updateFrom(guest, server);
  const after = await restart(pc, guest);
  must((await versionOf(after)) === next.version, 'the update goes through afterwards');
  await pc.powerOff();
  return findings;
}

/** What the service was doing, for whoever reads the result. */
async function stepOf(guest: Guest): Promise<string> {
  const tasks = await call(guest, 'listTasks');
  return tasks.map(({ state, step }) => `${state}: ${step}`).at(-1) ?? 'nothing';
}

async function duringInstallation(context: StageContext): Promise<Findings> {
  const [target, other] = await twins(context);
  const findings: Findings = {};
  for (const moment of [...moments, null]) {
    const { pc, guest } = await startLive(context, [target, other]);
    await using _ = pc;
    const { disks } = await offerOf(guest);
    const chosen = disks.find((disk) => disk.serial === target.id);
    must(chosen?.refused === null, 'the disk can be chosen again after a cut', chosen);
    const installing = installWith(guest, answersFor(chosen));
    if (moment === null) {
      const { code, output } = await installing;
      must(code === 0, 'the installation goes through afterwards', output.slice(-1500));
      await pc.powerOff();
    } else {
      // The cut takes its answer away.
      installing.catch(() => {});
      await delay(patience(moment));
      await pc.powerCut();
      findings[`installation, cut after ${moment} s`] = 'could be repeated';
    }
  }
  await using pc = await startPc({
    tools: context.tools,
    spec: { ...anyPc, disks: [target, other] },
    folder: join(context.work, 'live-pc'),
  });
  await whenUp(pc, { from: pc.serial.mark() });
  await pc.powerOff();
  return findings;
}
