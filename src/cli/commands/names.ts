// SPDX-License-Identifier: Apache-2.0
import type { Context, Run } from '../context.ts';

/**
 * Names for the completion of the shell. It must neither disturb nor start anything: when the service does
 * not run, there are no names.
 */
export const names: Run = async (context, input) => {
  try {
    for (const name of await namesOf(context, input.argument('KIND'))) context.output.say(name);
  } catch {
    // A message in the middle of what somebody types would only disturb.
  }
};

async function namesOf({ client }: Context, kind: string): Promise<string[]> {
  const machines = async () => (await client.call('listMachines')).map((machine) => machine.name);
  const catalog = async () => (await client.call('catalog')).map((entry) => entry.id);
  switch (kind) {
    case 'machine':
      return machines();
    case 'bin':
      return (await client.call('listBin')).map((entry) => entry.name);
    case 'catalog':
      return catalog();
    case 'machine-or-catalog':
      return [...new Set([...(await machines()), ...(await catalog())])];
    default:
      return [];
  }
}
