// SPDX-License-Identifier: Apache-2.0
import type { Machine } from '../../contract/api.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import type { Context } from '../context.ts';
import { askSecret, canAsk } from '../terminal/ask-secret.ts';
import { plain } from '../terminal/output.ts';

// Who mistyped it three times may have to look it up.
const tries = 3;

/**
 * Does something with a machine whose disks may be encrypted: with the passphrase that is given, and otherwise asks for it
 * when it is needed and somebody is there.
 * @param work called again with another passphrase when one was wrong; it has then done nothing
 */
export async function withPassphrase<Value>(
  context: Context,
  machine: Pick<Machine, 'name' | 'definition'>,
  given: string | undefined,
  work: (passphrase: string | undefined) => Promise<Value>,
): Promise<Value> {
  let passphrase = given;
  const ask = (): Promise<string> => askSecret(`Passphrase of ${plain(machine.name)}`);
  const may = given === undefined && canAsk(context);
  // Nobody else could have its key, so a try without it would only be a failure in its history.
  if (may && machine.definition?.encryption?.key === 'passphrase') passphrase = await ask();
  for (let left = tries; ; left -= 1) {
    try {
      return await work(passphrase);
    } catch (error) {
      const code = error instanceof PhyllomeError ? error.code : '';
      if (!may || left === 0 || (code !== 'passphrase-needed' && code !== 'passphrase-wrong')) throw error;
      if (code === 'passphrase-wrong') context.output.warn((error as PhyllomeError).message);
      passphrase = await ask();
    }
  }
}

/** Starts a machine, and asks for the passphrase of its disks where one is needed. */
export function startWithPassphrase(
  context: Context,
  machine: Pick<Machine, 'id' | 'name' | 'definition'>,
  given?: string,
): Promise<Machine> {
  return withPassphrase(context, machine, given, (passphrase) =>
    context.client.call('startMachine', {
      params: { ref: machine.id },
      ...(passphrase !== undefined && { body: { passphrase } }),
    }),
  );
}
