// SPDX-License-Identifier: Apache-2.0
import type { KeyHolder } from '../../contract/encryption.ts';
import type { Context, Run } from '../context.ts';
import { usageError } from '../failure.ts';
import type { Input } from '../parse.ts';
import { followTask } from '../service/follow-task.ts';
import { withPassphrase } from '../service/unlock.ts';
import { newPassphrase, passphraseFromFile } from '../terminal/ask-secret.ts';
import { plain } from '../terminal/output.ts';
import { typed } from '../terminal/words.ts';

// Kept here: the schema they come from is not loaded by a client.
const holders: readonly string[] = ['passphrase', 'keyring', 'tpm'] satisfies KeyHolder[];

export const encrypt: Run = async (context, input) => {
  const { client, output, json } = context;
  const ref = input.argument('NAME');
  const key = readHolder(input, 'encrypt');
  const machine = await client.call('showMachine', { params: { ref } });
  // Disks that came later get the key that the others have.
  const again = machine.definition?.encryption !== undefined;
  const encryptWith = (passphrase: string | undefined) =>
    followTask(
      context,
      () =>
        client.call('encryptMachine', {
          params: { ref },
          body: { passphrase: passphrase ?? '', ...(key !== undefined && { key }) },
        }),
      `Stopped. ${ref} is as it was before.`,
    );
  const task = again
    ? await withPassphrase(context, machine, await passphraseFromFile(input), encryptWith)
    : await encryptWith(await newPassphrase(context, input, 'encrypt'));
  if (json) output.json(task);
  else output.say(`The disks of ${plain(ref)} are encrypted.`);
  output.note('Without the passphrase or key.json nobody opens them again, neither do we: keep both.');
};

export const decrypt: Run = async (context, input) => {
  const { client, output, json } = context;
  const ref = input.argument('NAME');
  const machine = await client.call('showMachine', { params: { ref } });
  const task = await withPassphrase(context, machine, await passphraseFromFile(input), (passphrase) =>
    followTask(
      context,
      () =>
        client.call('decryptMachine', {
          params: { ref },
          ...(passphrase !== undefined && { body: { passphrase } }),
        }),
      `Stopped. ${ref} is as it was before.`,
    ),
  );
  if (json) output.json(task);
  else output.say(`The disks of ${plain(ref)} are not encrypted any more.`);
};

export const changePassphrase: Run = async (context, input) => {
  const { client, output, json } = context;
  const ref = input.argument('NAME');
  const key = readHolder(input, 'passphrase');
  const params = { ref };
  const machine = await client.call('showMachine', { params });
  const current = await passphraseFromFile(input);
  const fresh =
    key !== undefined && input.text('new-file') === undefined ? undefined : await freshOne(context, input);
  const changed = await withPassphrase(context, machine, current, (passphrase) =>
    client.call('changePassphrase', {
      params,
      body: {
        ...(passphrase !== undefined && { passphrase }),
        ...(fresh !== undefined && { newPassphrase: fresh }),
        ...(key !== undefined && { key }),
      },
    }),
  );
  if (json) output.json(changed);
  else if (fresh === undefined) output.say(`The key of ${plain(ref)} is opened by: ${key}.`);
  else output.say(`The passphrase of ${plain(ref)} is changed.`);
  if (key !== undefined && key !== 'passphrase')
    output.note(`It starts by itself now: phyllome start ${typed(ref)}. The passphrase still works.`);
};

const freshOne = (context: Context, input: Input): Promise<string> =>
  newPassphrase(context, input, 'passphrase', 'new-file');

/** @throws PhyllomeError `usage-error` */
export function readHolder(input: Input, command: string): KeyHolder | undefined {
  const given = input.text('key');
  if (given === undefined || holders.includes(given)) return given as KeyHolder | undefined;
  throw usageError(`--key must be one of ${holders.join(', ')}, not "${given}".`, command);
}
