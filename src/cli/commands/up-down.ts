// SPDX-License-Identifier: Apache-2.0
import { setTimeout as delay } from 'node:timers/promises';
import type { Run } from '../context.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import { plain } from '../terminal/output.ts';
import { showLink } from './open.ts';
import { ensureService, isRunning } from '../service/start.ts';
import { timeText } from '../terminal/words.ts';
import { ourVersion } from './version.ts';

export const up: Run = async (context, input) => {
  const { client, output, paths, env, json } = context;
  const port = input.number('port');
  const started = await ensureService(paths, env, port === undefined ? [] : ['--port', String(port)]);
  const service = await client.call('service');
  if (!started && port !== undefined && new URL(service.address).port !== String(port)) {
    throw new PhyllomeError('service-already-running', {
      pid: service.pid,
      directory: service.dataDirectory,
    });
  }
  if (json) {
    output.json(service);
    return;
  }
  output.say(
    `Phyllome ${started ? 'is up' : `has been up since ${timeText(service.startedAt)}`}: ${plain(service.address)}`,
  );
  if (service.version !== ourVersion()) {
    output.warn(
      `The service is still version ${plain(service.version)}, this is ${ourVersion()}. "phyllome down" and "phyllome up" bring it up to date; machines keep running.`,
    );
  }
  await showLink(context);
};

// How long the service may take to let go of everything: looked at 1000 times, every 20 ms.
const looks = 1000;
const lookMilliseconds = 20;

export const down: Run = async (context, input) => {
  const { client, output, paths, json } = context;
  if (!(await isRunning(paths))) {
    if (json) output.json({});
    else output.say('The service is not running.');
    return;
  }
  if (input.flag('save')) {
    const { saveAll } = await import('./save.ts');
    const [first, ...others] = await saveAll(context);
    for (const { message } of others) output.warn(plain(message));
    // The service stays, and looks after what could not be saved.
    if (first !== undefined) throw first;
  }
  const { pid } = await client.call('service');
  await client.call('stopService');
  for (let look = 0; isAlive(pid); look += 1) {
    if (look === looks)
      throw new PhyllomeError('internal-error', {
        reason: `the service (process ${pid}) said that it ends, but goes on`,
      });
    await delay(lookMilliseconds);
  }
  if (json) output.json({});
  else if (input.flag('save')) output.say('The service has ended.');
  else
    output.say(
      'The service has ended. Machines keep running; the next command that needs the service starts it again.',
    );
};

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
