// SPDX-License-Identifier: Apache-2.0
import type { Context, Run } from '../context.ts';
import { plain } from '../terminal/output.ts';

/**
 * Names for the completion of the shell. It must neither disturb nor start anything: when the service does
 * not run, there are no names.
 */
export const names: Run = async (context, input) => {
  try {
    const all = await namesOf(context, input.argument('KIND'));
    // What cannot be printed as it is cannot be typed either; such a machine has its id.
    all.filter((name) => plain(name) === name).forEach(context.output.say);
  } catch {
    // A message in the middle of what somebody types would only disturb.
  }
};

async function namesOf({ client }: Context, kind: string): Promise<string[]> {
  const machines = async () => (await client.call('listMachines')).map((machine) => machine.name);
  // The hundreds of osinfo-db would hide what people look for.
  const catalog = async () =>
    (await client.call('catalog')).filter(({ origin }) => origin === 'ours').map(({ id }) => id);
  switch (kind) {
    case 'machine':
      return machines();
    case 'bin':
      return (await client.call('listBin')).map((entry) => entry.name);
    case 'catalog':
      return catalog();
    case 'image':
      return (await client.call('listImages')).map((image) => image.name);
    case 'machine-or-catalog':
      return [...new Set([...(await machines()), ...(await catalog())])];
    default:
      return [];
  }
}
