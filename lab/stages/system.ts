// SPDX-License-Identifier: Apache-2.0
//
// PCs that stages begin with.
import { join } from 'node:path';
import { overlay } from '../pc/disks.ts';
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

export async function systemDisk({ tools, work }: StageContext, image: string): Promise<LabDisk> {
  const file = await overlay(tools, image, 'raw', join(work, 'system.qcow2'), diskSize);
  return { id: 'system', file, format: 'qcow2', bus: 'nvme' };
}
