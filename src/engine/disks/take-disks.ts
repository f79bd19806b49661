// SPDX-License-Identifier: Apache-2.0
import type { Hold } from '../holds.ts';
import type { Verb } from '../lifecycle.ts';
import type { Runner } from '../runner.ts';
import type { StoredMachine } from '../store.ts';
import type { DiskParts } from './parts.ts';

/**
 * Takes a machine for work that its VMM does while it runs, and that we do with its files while it does not.
 * @returns the runner when it runs
 * @throws PhyllomeError `machine-state`, `machine-in-use`
 */
export async function takeDisks(
  { holds, running }: Pick<DiskParts, 'holds' | 'running'>,
  machine: StoredMachine,
  verb: Verb,
  doing: string,
): Promise<{ hold: Hold; runner: Runner | undefined }> {
  const { name } = running.stateOf(machine.id);
  const stopped = name === 'stopped' || name === 'crashed';
  const hold = stopped ? await holds.takeFiles(machine, verb, doing) : holds.take(machine, verb, doing);
  return { hold, runner: stopped ? undefined : running.get(machine.id) };
}
