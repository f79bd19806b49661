// SPDX-License-Identifier: Apache-2.0
//
// A PC with the image on a stick, started without touching a disk.
import { join } from 'node:path';
import { overlay } from '../pc/disks.ts';
import { anyPc, type LabDisk, type PcSpec } from '../pc/pc-spec.ts';
import { startPc, type Pc } from '../pc/pc.ts';
import { must } from './expect.ts';
import { whenUp, type Guest } from './guest.ts';
import type { StageContext } from './stage.ts';

/** A stick of the size people have, with the image written on it (MiB). */
const stickSize = 8 * 1024;

export async function imageStick(
  { tools, work, image }: StageContext,
  edition = 'headless',
): Promise<LabDisk> {
  const file = await overlay(tools, image(edition).file, 'raw', join(work, 'stick.qcow2'), stickSize);
  return { id: 'stick', file, format: 'qcow2', bus: 'stick' };
}

/** @param disks those of the PC, besides the stick; what is on them is not started */
export async function startLive(
  context: StageContext,
  disks: readonly LabDisk[],
  spec: Partial<PcSpec> = {},
): Promise<{ pc: Pc; guest: Guest }> {
  return bootLive(context, [await imageStick(context), ...disks], spec);
}

/** @param disks all of them; the first has the image */
export async function bootLive(
  context: StageContext,
  disks: readonly LabDisk[],
  spec: Partial<PcSpec> = {},
): Promise<{ pc: Pc; guest: Guest }> {
  const pc = await startPc({
    tools: context.tools,
    spec: { ...anyPc, ...spec, disks },
    folder: join(context.work, 'live-pc'),
  });
  try {
    const from = pc.serial.mark();
    const guest = await whenUp(pc, { from });
    const line = await guest.sh('cat /proc/cmdline');
    must(line.includes('phyllome.live'), 'the live system was started', line);
    return { pc, guest };
  } catch (error) {
    await pc.screenshot(join(context.output, 'live-failed.png')).catch(() => {});
    await pc[Symbol.asyncDispose]();
    throw error;
  }
}
