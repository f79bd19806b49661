// SPDX-License-Identifier: Apache-2.0
//
// The one program of ours that runs as root. It knows two verbs, takes names and no commands, makes every plan itself, and
// carries a plan out only when it is the one that was shown (they have the same digest). So whoever can have it run can
// make this PC fit for guests or take that back, and nothing else.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PhyllomeError, reasonOf } from '../contract/errors.ts';
import type { FixResult } from '../contract/fix.ts';
import { checkFixId } from '../host/fixes/plan.ts';
import { lockFile, lockHolder } from '../host/lock.ts';
import { agreedPlan, applyFix } from './apply.ts';
import { realEffects, type Effects } from './effects.ts';
import { readStep } from './journal.ts';
import { makeJournal } from './journal-writer.ts';
import { planUndo } from './undo-plan.ts';
import { undoStep } from './undo.ts';

export interface RootProgram {
  words: readonly string[];
  /** Folder in which /etc is found; "/" outside of tests */
  root: string;
  /** Who called sudo; undefined when root did without */
  caller: string | undefined;
  /** Tests put themselves between */
  effects?: (real: Effects) => Effects;
}

const usage = 'apply FIX --digest DIGEST [--user NAME], or undo STEP --digest DIGEST [--force]';

/** @throws PhyllomeError and nothing else */
export async function rootProgram({ words, root, caller, effects }: RootProgram): Promise<FixResult> {
  const { verb, name, digest, user, force } = parse(words);
  // Whoever may use this program by sudo, and perhaps nothing else, may use it for themselves.
  if (user !== undefined && caller !== undefined && caller !== 'root' && caller !== user)
    throw usageError(`${caller} may not change what ${user} may do`);
  const request = verb === 'apply' ? { id: checkFixId(name), user: user ?? null, digest } : null;
  const check = (): void => {
    if (request !== null) agreedPlan(root, request);
    else if (planUndo(root, name).digest !== digest) throw new PhyllomeError('fix-changed', { id: name });
  };
  // Before anything is made, and again when nobody else can be at work.
  check();
  const journal = await makeJournal(root);
  const lockPath = join(journal, 'lock');
  await using lock = await lockFile(lockPath);
  if (lock === null) throw new PhyllomeError('fix-busy', { pid: await lockHolder(lockPath) });
  const real = realEffects(root, lock.fd);
  const used = effects === undefined ? real : effects(real);
  if (verb === 'apply')
    return await applyFix(root, used, { id: checkFixId(name), user: user ?? null, digest });

  if (planUndo(root, name).digest !== digest) throw new PhyllomeError('fix-changed', { id: name });
  const result = await undoStep(root, used, name, force);
  const { plan } = readStep(root, name).record;
  return {
    ...result,
    notes: [
      ...result.notes,
      ...(plan.needsReboot ? ['Takes effect when the PC restarts.'] : []),
      ...(plan.needsLogin ? ['Takes effect when you have logged out and in again.'] : []),
    ],
  };
}

interface Words {
  verb: 'apply' | 'undo';
  name: string;
  digest: string;
  user: string | undefined;
  force: boolean;
}

function parse(words: readonly string[]): Words {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...words],
      options: { digest: { type: 'string' }, user: { type: 'string' }, force: { type: 'boolean' } },
      allowPositionals: true,
    });
  } catch (error) {
    throw usageError(reasonOf(error));
  }
  const [verb, name, more] = parsed.positionals;
  const { digest, user, force = false } = parsed.values;
  if (
    (verb !== 'apply' && verb !== 'undo') ||
    name === undefined ||
    more !== undefined ||
    digest === undefined
  )
    throw usageError(`it takes ${usage}`);
  return { verb, name, digest, user, force };
}

const usageError = (reason: string): PhyllomeError =>
  new PhyllomeError('usage-error', {
    reason: `The root part of Phyllome was not understood: ${reason}.`,
    command: '',
  });
