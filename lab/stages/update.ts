// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import type { Body } from '../../src/contract/api.ts';
import type { ErrorReport } from '../../src/contract/errors.ts';
import { serveUpdates, type UpdateServer } from '../drive/update-server.ts';
import { updateFolder } from '../images.ts';
import type { Pc } from '../pc/pc.ts';
import { must } from './expect.ts';
import { attempt, call } from './guest-service.ts';
import { whenUp, type Guest } from './guest.ts';
import { startSystem } from './system.ts';
import { bringTiny, tinyDisk } from './tiny-cargo.ts';
import { memoryOf, runTiny, tellWord } from './tiny.ts';
import type { Stage } from './stage.ts';

export const update: Stage = {
  name: 'update',
  shows:
    'version 1 updates itself to version 2 over HTTP; a running machine goes on with its memory after the restart',
  images: [{ edition: 'headless' }, { edition: 'headless', which: 'second' }],
  after: ['tiny'],
  seconds: 480,
  async run(context) {
    const next = context.image('headless', 'second');
    await using server = await serveUpdates(updateFolder(next));
    await using pc = await startSystem(context, { disks: [await tinyDisk(context)] });
    const guest = await whenUp(pc);
    await bringTiny(guest);
    await runTiny(guest);
    await tellWord(guest, 'plum');
    const before = await memoryOf(guest);
    const began = Date.now();
    await updateFrom(guest, server);
    const updateSeconds = Math.round((Date.now() - began) / 1000);
    context.say(`version ${next.version} is in the other slot after ${updateSeconds} s`);
    const again = await restart(pc, guest);
    const restartSeconds = Math.round((Date.now() - began) / 1000) - updateSeconds;
    must((await versionOf(again)) === next.version, 'the new version runs', await versionOf(again));
    await whenResumed(again);
    const after = await memoryOf(again);
    must(after.word === 'plum' && after.uptime > before.uptime, 'the machine went on with its memory', {
      before,
      after,
    });
    const { slots } = await call(again, 'osStatus');
    await whenBlessed(again);
    await pc.screenshot(join(context.output, 'update.png'));
    await again.sh('phyllome stop tiny --force', 120);
    await pc.powerOff();
    return {
      updateSeconds,
      restartSeconds,
      slots: slots.map(({ name, version, state }) => `${name}: ${version ?? '-'} ${state}`),
      files: server.asked,
    };
  },
};

/** Points a PC at a server and installs what is there into the other slot. */
export async function updateFrom(
  guest: Guest,
  server: Pick<UpdateServer, 'url'>,
  seconds = 600,
): Promise<void> {
  await call(guest, 'setChannel', { body: { url: server.url } });
  await call(guest, 'osUpdate', { body: {} }, { seconds });
}

/** Asks for an update that must not be installed. @returns why not */
export async function refusedUpdate(
  guest: Guest,
  what: string,
  body: Body<'osUpdate'> = {},
): Promise<Pick<ErrorReport, 'code' | 'message'>> {
  const { error } = await attempt(guest, 'osUpdate', { body }, { seconds: 600 });
  must(error !== undefined, `${what} is refused`);
  const { pending } = await call(guest, 'osStatus');
  must(pending === null, `the next restart brings what runs after ${what}`, pending);
  return error;
}

/** Restarts as a person does, through the service. @returns the PC when it is up again */
export async function restart(pc: Pc, guest: Guest): Promise<Guest> {
  const from = pc.serial.mark();
  await call(guest, 'osPower', { body: { action: 'restart' } }, { until: 'begin' });
  const again = await whenUp(pc, { than: guest.bootId, from });
  const line = await again.sh('cat /proc/cmdline');
  must(!line.includes('phyllome.live'), 'the system itself started, not its live form', line);
  return again;
}

export const versionOf = async (guest: Guest): Promise<string> =>
  (await guest.sh('. /usr/lib/os-release; echo $IMAGE_VERSION')).trim();

/** Waits until the machine goes on, which nobody asks for again. */
async function whenResumed({ sh }: Guest): Promise<void> {
  await sh(
    `for i in $(seq 60); do phyllome show tiny --json | grep -q '"name": *"running"' && exit; sleep 2; done
phyllome show tiny; phyllome tasks; journalctl -b -u phyllome -u phyllome-guests --no-pager | tail -40; exit 1`,
    400,
  );
}

/** Waits until systemd-boot no longer counts the version that runs. */
export async function whenBlessed({ sh }: Guest): Promise<void> {
  await sh(
    'for i in $(seq 120); do systemctl is-active -q systemd-bless-boot.service && exit; sleep 1; done; systemctl status systemd-bless-boot.service boot-complete.target; exit 1',
    180,
  );
}
