// SPDX-License-Identifier: Apache-2.0
//
// Limits by a control group (version 2) of our own, for PCs and containers without systemd that let us make one.
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { reasonOf } from '../contract/errors.ts';
import { cgroupPlaces } from '../host/cgroup.ts';
import type { Slice } from './enforcement.ts';

const groupName = 'phyllome';
const controllers = ['cpu', 'memory'] as const;
// Quota and period of cpu.max in microseconds; 100 ms is what the kernel itself takes.
const period = 100_000;

/** @param reasons receives why there is none */
export async function openCgroupSlice(root: string, reasons: string[]): Promise<Slice | null> {
  try {
    const parent = parentGroup(root);
    await delegate(parent);
    const group = join(parent, groupName);
    return {
      async limit(share) {
        await mkdir(group, { recursive: true });
        await writeFile(join(group, 'cpu.max'), `${share.vcpus * period} ${period}`);
        await writeFile(join(group, 'memory.high'), String(share.memoryBytes));
        await writeFile(join(group, 'memory.max'), String(share.mostMemoryBytes));
        return describeGroup(group, `the control group ${group}`);
      },
      async place(_, pids) {
        // One at a time: the kernel takes one number a write.
        for (const pid of pids) await writeFile(join(group, 'cgroup.procs'), String(pid));
      },
    };
  } catch (error) {
    reasons.push(reasonOf(error));
    return null;
  }
}

/** What the kernel says that it holds a group to; asked of the kernel, since not everything that is set is held. */
export async function describeGroup(group: string, name: string): Promise<string> {
  const [quota, length] = (await content(join(group, 'cpu.max'))).split(/\s+/).map(Number);
  const memory = Number(await content(join(group, 'memory.high')));
  const held = [
    quota !== undefined && length !== undefined && quota > 0
      ? `${Number((quota / length).toFixed(2))} of its processors`
      : null,
    memory > 0 ? `${(memory / 2 ** 30).toFixed(1)} GiB of its memory` : null,
  ].filter((limit) => limit !== null);
  if (held.length === 0) throw new Error(`${name} takes no limits: it has neither cpu.max nor memory.high`);
  const part = held.length === 1 ? ', the rest by admission only' : '';
  return `The kernel gives all guests together at most ${held.join(' and ')} (${name}${part})`;
}

/** Where our group can be made: beside our own, or at the top where we stand there. @throws Error when nowhere */
function parentGroup(root: string): string {
  const place = cgroupPlaces(root)('unified');
  if (place === null) throw new Error('this system has no control groups of version 2');
  const offered = read(join(place.mount, 'cgroup.controllers')).split(/\s+/);
  const lacking = controllers.filter((controller) => !offered.includes(controller));
  if (lacking.length > 0)
    throw new Error(`control groups of version 2 have no ${lacking.join(' and ')} here: version 1 has them`);
  // Only the top of all groups may hold both processes and groups; it alone has no type.
  const top = place.group === place.mount;
  if (top && existsSync(join(place.mount, 'cgroup.type')))
    throw new Error('the control group of this container is not ours to divide');
  const parent = top ? place.mount : dirname(place.group);
  try {
    accessSync(parent, constants.W_OK);
    accessSync(join(parent, 'cgroup.procs'), constants.W_OK);
  } catch {
    throw new Error(`the control group ${parent} is not ours to change`);
  }
  return parent;
}

/** Makes sure that groups in `parent` can be limited. @throws Error when the kernel refuses */
async function delegate(parent: string): Promise<void> {
  const file = join(parent, 'cgroup.subtree_control');
  const given = read(file).split(/\s+/);
  const wanted = controllers.filter((controller) => !given.includes(controller));
  if (wanted.length > 0) await writeFile(file, wanted.map((controller) => `+${controller}`).join(' '));
}

const content = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '');

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}
