// SPDX-License-Identifier: Apache-2.0
//
// The tool "fscrypt" as far as we need it: the folder of the machines has one key, and several things that open it, each
// under a name of ours. Whoever has the disk in another PC can open it with the same tool.
import { osTool } from './os-tool.ts';

const program = '/usr/bin/fscrypt';

/** What opens the folder. tpm: a key of 32 bytes that the TPM seals; the others are typed. */
export type ProtectorName = 'tpm' | 'passphrase' | 'recovery';

/** The ids of what opens something on the file system at `mount`, by name. */
export async function readProtectors(root: string, mount: string): Promise<Map<string, string>> {
  const text = await osTool(root, [program, 'status', mount]);
  return new Map(
    [...text.matchAll(/^([0-9a-f]{16})\s.*"([^"]*)"$/gm)].map(([, id = '', name = '']) => [name, id]),
  );
}

export async function readPolicy(
  root: string,
  folder: string,
): Promise<{ id: string; unlocked: boolean } | null> {
  // Ends with 1 for a folder that is not encrypted.
  const text = await osTool(root, [program, 'status', folder], { allowed: [1] });
  const id = /^Policy:\s+([0-9a-f]+)$/m.exec(text)?.[1];
  return id === undefined ? null : { id, unlocked: /^Unlocked:\s+Yes/m.test(text) };
}

/** Encrypts an empty folder. @param keyFile 32 bytes @param mount the file system it is on */
export async function encryptEmptyFolder(
  root: string,
  { mount, folder, keyFile }: { mount: string; folder: string; keyFile: string },
  signal?: AbortSignal,
): Promise<void> {
  // It also wants to set up the file system of a live system, which is memory, and fails there after its configuration is made.
  await osTool(root, [program, 'setup', '--force', '--quiet'], { signal, allowed: [1] });
  await osTool(root, [program, 'setup', mount, '--quiet'], { signal });
  const source = ['--source=raw_key', '--name=tpm', `--key=${keyFile}`];
  await osTool(root, [program, 'encrypt', folder, ...source, '--no-recovery', '--quiet'], { signal });
}

/** Lets something typed open what the key file opens. */
export async function addTyped(
  root: string,
  { mount, policy, keyFile }: { mount: string; policy: string; keyFile: string },
  name: ProtectorName,
  secret: string,
  signal?: AbortSignal,
): Promise<void> {
  const input = `${secret}\n`;
  const make = [
    'metadata',
    'create',
    'protector',
    mount,
    '--source=custom_passphrase',
    `--name=${name}`,
    '--quiet',
  ];
  await osTool(root, [program, ...make], { input, signal });
  const ids = await readProtectors(root, mount);
  const at = (id: string | undefined): string => `${mount}:${id ?? ''}`;
  const add = [
    'metadata',
    'add-protector-to-policy',
    `--protector=${at(ids.get(name))}`,
    `--policy=${at(policy)}`,
    `--unlock-with=${at(ids.get('tpm'))}`,
    `--key=${keyFile}`,
    '--quiet',
  ];
  await osTool(root, [program, ...add], { input, signal });
}

/** Nothing is opened by the key file any more. */
export async function removeKeyFile(
  root: string,
  { mount, policy }: { mount: string; policy: string },
  signal?: AbortSignal,
): Promise<void> {
  const protector = `--protector=${mount}:${(await readProtectors(root, mount)).get('tpm') ?? ''}`;
  const remove = ['metadata', 'remove-protector-from-policy', protector, `--policy=${mount}:${policy}`];
  await osTool(root, [program, ...remove, '--force', '--quiet'], { signal });
  await osTool(root, [program, 'metadata', 'destroy', protector, '--force', '--quiet'], { signal });
}

/** @returns whether it is open now; false: the wrong secret */
export async function unlockTyped(
  root: string,
  folder: string,
  protector: string,
  secret: string,
): Promise<boolean> {
  // After a wrong one it would ask for ever.
  const wrong = new AbortController();
  try {
    await osTool(root, [program, 'unlock', folder, `--unlock-with=${protector}`], {
      input: `${secret}\n`,
      signal: wrong.signal,
      onLine: (line) => /incorrect/i.test(line) && wrong.abort(),
    });
    return true;
  } catch (error) {
    if (wrong.signal.aborted) return false;
    throw error;
  }
}

/** @throws PhyllomeError when that key does not open it */
export async function unlockByKeyFile(
  root: string,
  folder: string,
  protector: string,
  keyFile: string,
): Promise<void> {
  const argv = [program, 'unlock', folder, `--unlock-with=${protector}`, `--key=${keyFile}`, '--quiet'];
  await osTool(root, argv);
}
