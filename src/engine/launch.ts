// SPDX-License-Identifier: Apache-2.0
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PhyllomeError } from '../contract/errors.ts';
import type { LaunchPlan, PlannedCable, Restore } from '../contract/plan.ts';
import type { DiskKey } from '../disk/disk-key.ts';
import { makeFromTemplate } from '../disk/template.ts';
import { offerSecret } from '../host/secret-pipe.ts';
import { lockConflictExitCode, type Driver, type ProcessExit } from '../vmm/driver.ts';
import { ensurePrivateDirectory } from './files.ts';
import { logsOf, setAside, tailLines } from './log-file.ts';
import { makeTpm } from './make-tpm.ts';
import { makePipe } from './named-pipe.ts';
import { writeRunFile, type RunNotes } from './run-file.ts';
import type { Runner } from './runner.ts';
import { reap, startHelper, startProcess } from './supervisor.ts';

// Until the VMM answers on its control channel: some 100 ms, longer on a busy PC with slow storage (ms).
const answerTimeout = 30_000;
// From the loss of the control channel until the process is gone (ms).
const deathPatience = 1000;

export interface LaunchContext {
  bootId: string;
  notes: RunNotes;
  /** Puts processes under the limits of all guests. Never throws */
  place: (pids: readonly number[]) => Promise<void>;
  /** Plugs network cards into bridges of this PC */
  cables: Cables;
  /** Hears what went otherwise than planned although the machine starts */
  notice?: (text: string) => void;
  /** The guest began anew and its VMM ended: the logs go on where they are */
  again?: boolean;
  /** Opens the encrypted disks; it is in no plan and no file */
  diskKey?: DiskKey | null;
  /** Done when a saved memory was read, before the guest goes on from it */
  beforeGoing?: () => Promise<void>;
}

/** What only root does for the network cards of a plan. */
export interface Cables {
  /** @throws PhyllomeError `network-device-missing`, `os-only`, ... */
  plug(cables: readonly PlannedCable[]): Promise<void>;
  /** Never throws: a cable that is left over is replaced at the next start */
  unplug(cables: readonly PlannedCable[]): Promise<void>;
}

/**
 * Carries a plan out: files, helpers, the VMM, and its control channel. Whatever fails, everything that was
 * begun is ended again, and the error says what the VMM said.
 */
export async function launch(
  plan: LaunchPlan,
  driver: Driver,
  runner: Runner,
  { bootId, notes, place, cables, again = false, beforeGoing, diskKey = null, notice }: LaunchContext,
): Promise<void> {
  await using undo = new AsyncDisposableStack();

  await reap(plan);
  await ensurePrivateDirectory(plan.runDirectory);
  undo.defer(() => reap(plan));
  for (const directory of [...plan.directories, dirname(plan.process.log)]) {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  }
  if (!again) for (const log of logsOf(plan)) await setAside(log);
  for (const pipe of plan.pipes) await makePipe(pipe);
  for (const file of plan.files)
    await (file.certificates === undefined ? makeFromTemplate : await variablesMaker())(file);

  // From here on a service that is killed leaves processes behind; this is how the next one finds them.
  await writeRunFile({ bootId, plan, ...notes, startedAt: new Date().toISOString(), vmm: null });
  if (plan.tpm !== undefined) {
    const problem = await makeTpm(plan, plan.tpm);
    if (problem !== null) notice?.(problem);
  }
  if (plan.cables !== undefined) {
    const planned = plan.cables;
    undo.defer(() => cables.unplug(planned));
    await cables.plug(planned);
  }
  const pids: number[] = [];
  for (const helper of plan.helpers) pids.push(await startHelper(plan, helper));

  await using _key =
    diskKey === null || plan.diskKey === undefined ? null : await offerSecret(diskKey.reveal(), plan.diskKey);
  const vmm = await startProcess(plan, plan.process);
  // While the VMM gets ready, so that it costs no time, and before the guest takes any memory.
  const placed = place([...pids, vmm.pid]);
  const attempt = new AbortController();
  const died = vmm.ended.then(async (exit) => {
    attempt.abort();
    throw await startFailure(plan, exit);
  });
  const signal = AbortSignal.any([attempt.signal, AbortSignal.timeout(answerTimeout)]);
  // A VMM that is dying cannot be reached; why it died says more than that.
  const orDeath = async <Value>(work: Promise<Value>): Promise<Value> => {
    try {
      return await work;
    } catch (error) {
      await Promise.race([died, delay(deathPatience)]);
      throw error;
    }
  };
  const attached = orDeath(runner.attach(driver, plan, signal));
  // Whichever of the two comes second is of no interest any more, and the limits have their turn below.
  for (const work of [attached, died, placed]) work.catch(() => {});
  await Promise.race([attached, died]);

  await placed;
  if (plan.restore !== undefined) await orDeath(readMemory(runner, plan.restore, attempt.signal));
  await runner.launched(vmm, notes, beforeGoing);
  undo.move();
}

/** Takes as long as the storage needs; a VMM that cannot use what it reads ends. */
async function readMemory(runner: Runner, restore: Restore, signal: AbortSignal): Promise<void> {
  const { memory } = runner.session();
  if (memory === undefined) throw new Error('a memory to go on from, for a VMM that reads none');
  await memory.load(restore, { signal, onProgress: () => {} });
}

/** Says why a VMM ended before it ran, from its exit code and the words it left in its log. */
async function startFailure(plan: LaunchPlan, exit: ProcessExit): Promise<PhyllomeError> {
  const { name } = plan.machine;
  if (exit.code === lockConflictExitCode) {
    return new PhyllomeError('machine-in-use', {
      name,
      lock: plan.process.command.find((word) => word.endsWith('/lock')) ?? '',
    });
  }
  const lines = await tailLines(plan.process.log, 5);
  const words = lines.join(' ');
  if (/Failed to get .*lock/.test(words)) {
    const file = /file "?([^"]+?)"?:|filename=(\S+)/.exec(words)?.[1] ?? 'of this machine';
    return new PhyllomeError('disk-in-use', { file, reason: words });
  }
  const reason =
    words !== ''
      ? words
      : exit.signal === null
        ? `it ended with code ${exit.code} and said nothing`
        : `it was ended by ${exit.signal}`;
  return new PhyllomeError('vmm-start-failed', { vmm: plan.vmm, name, reason });
}

// Only machines with Secure Boot need it, and those once.
const variablesMaker = async () => (await import('../vmm/firmware-variables/image.ts')).makeVariables;
