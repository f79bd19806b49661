// SPDX-License-Identifier: Apache-2.0
import type { Run } from '../context.ts';
import { hostLines } from './host-text.ts';

export const host: Run = async ({ client, output, json }) => {
  const report = await client.call('host');
  if (json) output.json(report);
  else hostLines(report, output).forEach(output.say);
};
