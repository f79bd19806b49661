// SPDX-License-Identifier: Apache-2.0
//
// The TPM of this PC, by tpm2-tools: a key is sealed under the TPM's own storage key, so only this very chip opens it. What
// is sealed stands in key.json; the TPM keeps nothing. No state of the PC is asked for (PCRs): an update of its firmware
// would lock everybody out.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Holder } from './holders.ts';
import { runHolder, unavailable, type Answer } from './run-holder.ts';

const next = 'Check "phyllome host": you need a TPM 2.0 that is switched on, and to be in the group "tss".';

export function createTpm(env: Readonly<Record<string, string | undefined>>): Holder {
  const { TPM2TOOLS_TCTI: tcti } = env;
  const given: Record<string, string> = tcti === undefined ? {} : { TPM2TOOLS_TCTI: tcti };

  /** Works in a folder of its own: the tools hand objects of the TPM on as files. None of them is a secret. */
  const inFolder = async <Value>(
    work: (
      folder: string,
      run: (tool: string, parameters: readonly string[], input?: string) => Promise<Answer>,
    ) => Promise<Value>,
  ): Promise<Value> => {
    const folder = await mkdtemp(join(tmpdir(), 'phyllome-'));
    const run = async (tool: string, parameters: readonly string[], input?: string): Promise<Answer> => {
      const place = { holder: 'tpm', tool, install: 'tpm2-tools', cwd: folder } as const;
      const answer = await runHolder({ ...place, env: given }, parameters, input);
      if (answer.code === 0) {
        // The kernel's resource manager clears away what a tool left in the chip; whoever names another way has none.
        if (tcti !== undefined) await runHolder({ ...place, tool: 'tpm2_flushcontext', env: given }, ['-t']);
        return answer;
      }
      const [reason = ''] = answer.complaint.split('\n').filter((line) => line.startsWith('ERROR'));
      throw unavailable('tpm', reason || `${tool} ended with ${answer.code}`, next);
    };
    try {
      // The same each time: it comes from a seed that never leaves the chip.
      await run('tpm2_createprimary', ['-Q', '-C', 'o', '-G', 'ecc', '-c', 'primary']);
      return await work(folder, run);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };

  return {
    name: 'tpm',
    keep: (key) =>
      inFolder(async (folder, run) => {
        const words = ['-Q', '-C', 'primary', '-i', '-', '-u', 'public', '-r', 'private'];
        await run('tpm2_create', words, Buffer.from(key).toString('base64'));
        const file = async (name: string): Promise<string> =>
          (await readFile(join(folder, name))).toString('base64');
        return { public: await file('public'), private: await file('private') };
      }),
    fetch: (note) =>
      inFolder(async (folder, run) => {
        for (const name of ['public', 'private'])
          await writeFile(join(folder, name), Buffer.from(note[name] ?? '', 'base64'));
        await run('tpm2_load', ['-Q', '-C', 'primary', '-u', 'public', '-r', 'private', '-c', 'sealed']);
        const { output } = await run('tpm2_unseal', ['-Q', '-c', 'sealed']);
        return Buffer.from(output.toString('latin1'), 'base64');
      }),
    // What is sealed goes with key.json.
    forget: async () => {},
  };
}
