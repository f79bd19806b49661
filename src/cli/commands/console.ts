// SPDX-License-Identifier: Apache-2.0
import { consoleSession } from '../console/session.ts';
import type { Run } from '../context.ts';
import { usageError } from '../failure.ts';

// What is shown of earlier output: some screens full (bytes).
const history = 16 * 1024;

export const openConsole: Run = async (context, input) => {
  if (context.json) throw usageError('A console is bytes of a guest, not JSON.', 'console');
  const machine = await context.client.call('showMachine', { params: { ref: input.argument('NAME') } });
  await consoleSession(context, machine, history);
};
