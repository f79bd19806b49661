// SPDX-License-Identifier: Apache-2.0
import { serveUpdates } from '../drive/update-server.ts';
import { updateFolder } from '../images.ts';
import { anyPc } from '../pc/pc-spec.ts';
import { must } from './expect.ts';
import { call } from './guest-service.ts';
import { whenUp, type Guest } from './guest.ts';
import type { Findings, Stage, StageContext } from './stage.ts';
import { startSystem } from './system.ts';
import { updateFrom } from './update.ts';

export const rollBack: Stage = {
  name: 'roll-back',
  shows:
    'a version that does not come up healthy, or was damaged on the disk, gives way to the one before by itself',
  images: [{ edition: 'headless' }, { edition: 'headless', which: 'second' }],
  after: ['update'],
  seconds: 1800,
  async run(context) {
    return { ...(await unhealthy(context)), ...(await damaged(context)) };
  },
};

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
  await call(guest, 'osPower', { body: { action: 'restart' } }, { until: 'begin' });
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
  await call(guest, 'osPower', { body: { action: 'restart' } }, { until: 'begin' });
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
