// SPDX-License-Identifier: Apache-2.0
import { readdirSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';

// Next to a busy program of the host (nice 0) a thread with this gets a quarter of a processor (weights 1024 and 335,
// sched_prio_to_weight in the kernel); on an idle PC it gets all of it.
const nice = 5;

/**
 * Lets processes give way to the other programs of this PC when both want its processors. For PCs whose kernel takes
 * no limits from us. What cannot be done is left: it is only manners.
 */
export function makeYield(pids: readonly number[]): void {
  for (const pid of pids) {
    // On Linux each thread has its own priority; those to come have that of the thread that makes them.
    for (const thread of threadsOf(pid)) quietly(() => setPriority(thread, nice));
    // Desktop kernels weigh whole sessions against each other, and within them the threads.
    quietly(() => writeFileSync(`/proc/${pid}/autogroup`, String(nice)));
  }
}

function threadsOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [];
  }
}

function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // The process ended meanwhile, or the kernel has no such thing.
  }
}
