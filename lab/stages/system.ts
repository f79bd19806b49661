// SPDX-License-Identifier: Apache-2.0
//
// PCs that stages begin with.
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copyDisk } from '../pc/disks.ts';
import { readPartitions } from '../pc/partitions.ts';
import { anyPc, type LabDisk, type PcSpec } from '../pc/pc-spec.ts';
import { startPc, type Pc } from '../pc/pc.ts';
import type { StageContext } from './stage.ts';

/** Room for a second version and for machines (MiB). */
export const diskSize = 16 * 1024;

export interface SystemOptions extends Partial<PcSpec> {
  edition?: string;
}

/** A PC whose disk is an image, as if somebody had written it there, and which was never started before. */
export async function startSystem(context: StageContext, options: SystemOptions = {}): Promise<Pc> {
  const { edition = 'headless', disks = [], ...spec } = options;
  const { file } = context.image(edition);
  const system = await systemDisk(context, file);
  return startPc({
    tools: context.tools,
    spec: { ...anyPc, ...spec, disks: [system, ...disks] },
    folder: join(context.work, 'pc'),
  });
}

/** The menu is as it is after somebody once chose not to start the live system, with which an image begins. */
export async function systemDisk({ tools, work }: StageContext, image: string): Promise<LabDisk> {
  const file = await copyDisk(image, join(work, 'system.raw'));
  const esp = (await readPartitions(file))[0];
  if (esp === undefined) throw new Error(`${image} has no boot partition`);
  const [drive, conf] = [`${file}@@${esp.start}`, join(work, 'loader.conf')];
  const text = await tools.run('mtype', '-i', drive, '::loader/loader.conf');
  await writeFile(conf, text.replace(/^default .*\n/m, ''));
  await tools.run('mcopy', '-o', '-i', drive, conf, '::loader/loader.conf');
  await truncate(file, diskSize * 2 ** 20);
  return { id: 'system', file, format: 'raw', bus: 'nvme' };
}
