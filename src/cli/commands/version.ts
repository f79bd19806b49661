// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import type { Run } from '../context.ts';

/** The version of this program, as package.json says. */
export function ourVersion(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

export const version: Run = async ({ output, json }) => {
  if (json) output.json({ version: ourVersion(), node: process.versions.node });
  else output.say(`phyllome ${ourVersion()}`);
};
