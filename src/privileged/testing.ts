// SPDX-License-Identifier: Apache-2.0
//
// PCs on which the power goes at a moment of the test's choice.
import { lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Effects } from './effects.ts';
import { besideOf } from './file-state.ts';

const nothing = (): void => {};

/** The power is gone: no further effect happens, whatever the program does about it. */
class PowerCut extends Error {}

/** When the power goes: before the effect of this number, or in the middle of it. */
export interface Cut {
  at: number;
  how: 'before' | 'during';
}

/** @param cut null: never. @returns the effects, and how many there were */
export function mortal(
  root: string,
  real: Effects,
  cut: Cut | null,
): { effects: Effects; count: () => number } {
  let count = 0;
  const step =
    <Parameters extends unknown[], Result>(
      act: (...given: Parameters) => Promise<Result>,
      half: (...given: Parameters) => unknown,
    ) =>
    async (...given: Parameters): Promise<Result> => {
      const at = count;
      count += 1;
      if (cut === null || at < cut.at) return await act(...given);
      if (at === cut.at && cut.how === 'during') await half(...given);
      throw new PowerCut(`the power went at effect ${at}`);
    };
  const effects: Effects = {
    makeFolder: step(real.makeFolder, nothing),
    removeFolder: step(real.removeFolder, nothing),
    writeBeside: step(real.writeBeside, (path, content) =>
      writeFileSync(join(root, besideOf(path)), content.subarray(0, content.length / 2)),
    ),
    putInPlace: step(real.putInPlace, nothing),
    remove: step(real.remove, nothing),
    setOwner: step(real.setOwner, nothing),
    append: step(real.append, (path, line) =>
      writeFileSync(join(root, path), line.slice(0, line.length / 2), { flag: 'a' }),
    ),
    // The tools of the tests stop half way when they find this file.
    run: step(real.run, async (argv) => {
      writeFileSync(join(root, 'half'), '');
      await real.run(argv);
    }),
  };
  return { effects, count: () => count };
}

/** Everything in a folder by its path: kind, mode, owner and content. The journal is left out, and so is what `half` needs. */
export function snapshot(root: string): Map<string, string> {
  const found = new Map<string, string>();
  const look = (path: string): void => {
    const file = join(root, path);
    const { mode, uid, gid } = lstatSync(file);
    const folder = (mode & 0o170000) === 0o040000;
    const content = folder ? '' : readFileSync(file, 'latin1');
    found.set(path, `${mode.toString(8)} ${uid}:${gid} ${content}`);
    if (folder && path !== '/var/lib/phyllome')
      for (const name of readdirSync(file))
        if (name !== 'phyllome' && name !== 'half') look(join(path, name));
  };
  look('/');
  return found;
}
