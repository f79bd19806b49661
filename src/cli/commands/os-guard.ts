// SPDX-License-Identifier: Apache-2.0
//
// What units of Phyllome OS run at the start and at the end of this PC. They talk to a service that may be down.
import { readdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PhyllomeError } from '../../contract/errors.ts';
import type { Run } from '../context.ts';
import { followTask } from '../service/follow-task.ts';
import { ensureService, isRunning } from '../service/start.ts';
import { plain } from '../terminal/output.ts';

const lookMilliseconds = 1000;

/**
 * A version of the system is healthy when the service answers, lists machines, and root answers the service: then it can be
 * used, and replaced by a later one. Waits for that, and does not start the service: systemd does, or this version is no good.
 */
export const osHealthy: Run = async ({ client, output, json }, input) => {
  const patience = input.number('patience') ?? 180;
  for (let left = patience; ; left -= 1) {
    try {
      const status = await client.call('osStatus');
      if (status.image === null) throw new PhyllomeError('os-only');
      await client.call('listMachines');
      if (json) output.json({ healthy: true, version: status.image.version });
      else output.say(`Version ${plain(status.image.version)} is healthy.`);
      return;
    } catch (error) {
      const { code } = PhyllomeError.from(error);
      if (left <= 0 || code === 'os-only') throw error;
      await delay(lookMilliseconds);
    }
  }
};

/** Puts all machines away before this PC goes down. What is still there is said; nothing is ended. */
export const osSaveGuests: Run = async (context, input) => {
  const { client, output, json, paths, env } = context;
  if (!(await isRunning(paths))) {
    // Machines go on without the service. Without both there is nothing to do, and no service is started for it.
    if (!(await anyMachineRuns(paths.runtime))) return;
    await ensureService(paths, env);
  }
  const patienceSeconds = input.number('patience') ?? 120;
  const task = await followTask(
    context,
    () => client.call('saveGuests', { body: { patienceSeconds } }),
    'Stopped. Machines that were saved stay so.',
  );
  if (json) output.json(task);
  else output.say(plain(task.outcome?.text ?? 'Done.'));
};

async function anyMachineRuns(runtime: string): Promise<boolean> {
  const names = await readdir(runtime).catch(() => []);
  return names.some((name) => existsSync(join(runtime, name, 'run.json')));
}
