// SPDX-License-Identifier: Apache-2.0
//
// Asks root to install the live system that runs onto a disk of this PC. What can be refused is refused before there is a
// task; root looks at all of it again before it writes. The recovery key is in no task, event or log: it stays here until
// somebody said that it is kept.
import { parse } from 'yaml';
import { PhyllomeError, reasonOf } from '../../contract/errors.ts';
import {
  InstallAnswers,
  type InstallOffer,
  type OsDisk,
  type RecoveryKey,
} from '../../contract/os-install.ts';
import { rootSocket } from '../../contract/paths.ts';
import { sameName } from '../../contract/disk-name.ts';
import { completeValue, problemText } from '../../contract/validate.ts';
import { accessFile } from '../../host/access/access-file.ts';
import type { Engine } from '../engine.ts';
import type { Tasks } from '../tasks.ts';
import { requireUsableAnswers } from './install-answers.ts';
import { createRoot, type Root } from './root.ts';

export interface InstallationParts {
  root: Root;
  tasks: Pick<Tasks, 'run'>;
  /** Ids of the machines that run */
  runningIds: () => readonly string[];
  /** The file by which the installed system knows the password of the page; the password itself is not in it */
  accessText: (password: string) => Promise<string>;
}

/** What root gives back of an installation. */
interface Installed {
  recoveryKey: string | null;
}

interface Functions extends Pick<Engine, 'osDisks' | 'osInstall' | 'osInstallUnattended'> {
  osRecoveryKey(): RecoveryKey;
  osForgetRecoveryKey(): RecoveryKey;
}

/** As it is on this PC. */
export function openInstallation(parts: Pick<InstallationParts, 'tasks' | 'runningIds'>): Functions {
  return createInstallation({
    ...parts,
    root: createRoot(rootSocket),
    accessText: accessFile,
  });
}

export function createInstallation({ root, tasks, runningIds, accessText }: InstallationParts): Functions {
  let recoveryKey: string | null = null;
  const osDisks = (): Promise<InstallOffer> => root.ask<InstallOffer>('disks', {});

  const osInstall: Functions['osInstall'] = async (answers) => {
    const offer = await osDisks();
    const disk = requireChosen(offer, answers);
    requireUsableAnswers(answers, offer);
    const { accessPassword = answers.user.password, afterwards, ...rest } = answers;
    const request = {
      ...rest,
      access: await accessText(accessPassword),
      expected: { path: disk.path, size: disk.size },
    };
    return tasks.run(`Install Phyllome OS on ${disk.name}`, null, async ({ signal, progress }) => {
      const { recoveryKey: made } = await root.ask<Installed>('install', request, {
        signal,
        onProgress: ({ step, fraction }) => progress(step, fraction),
      });
      recoveryKey = made;
      const next = await andThen(afterwards);
      const facts = { disk: disk.name, path: disk.path, recoveryKey: made !== null, next };
      return { outcome: { text: doneText(disk, made !== null), facts } };
    });
  };

  /** Machines of a live system are gone with it, so it goes down by itself only when none runs. */
  async function andThen(wish: InstallAnswers['afterwards']): Promise<InstallAnswers['afterwards']> {
    if (wish === 'nothing' || runningIds().length > 0) return 'nothing';
    await root.ask('power', { action: wish });
    return wish;
  }

  return {
    osDisks,
    osInstall,
    async osInstallUnattended() {
      const { text } = await root.ask<{ text: string }>('answers', {});
      return osInstall(readAnswers(text));
    },
    osRecoveryKey: () => ({ recoveryKey }),
    osForgetRecoveryKey() {
      recoveryKey = null;
      return { recoveryKey };
    },
  };
}

/** @throws PhyllomeError when that disk may not be written, or its name was not typed */
function requireChosen(offer: InstallOffer, { disk }: InstallAnswers): OsDisk {
  if (!offer.live) throw new PhyllomeError('install-not-live');
  const found = offer.disks.find(({ id }) => id === disk.id);
  if (found === undefined) throw new PhyllomeError('install-disk-unknown', { id: disk.id });
  if (found.refused !== null)
    throw new PhyllomeError('install-disk-refused', { disk: found.name, reason: found.refused.text });
  if (!sameName(disk.confirmation, found.name))
    throw new PhyllomeError('install-not-confirmed', { name: found.name });
  return found;
}

/** @throws PhyllomeError `bad-request` with every mistake */
export function readAnswers(text: string): InstallAnswers {
  let given: unknown;
  try {
    given = parse(text);
  } catch (error) {
    // The words of the parser quote the text, and that may be a password.
    const line = /at line (\d+)/.exec(reasonOf(error))?.[1];
    throw badAnswers(line === undefined ? 'this is no YAML' : `this is no YAML (line ${line})`);
  }
  const { value, problems } = completeValue(InstallAnswers, given);
  if (problems.length > 0) throw badAnswers(problems.map(problemText).join('; '));
  return value as InstallAnswers;
}

const doneText = (disk: OsDisk, hasKey: boolean): string =>
  `Phyllome OS is installed on ${disk.name}. Pull out the medium when this PC restarts.${
    hasKey ? ' Write the recovery key down before: it is shown only now.' : ''
  }`;

function badAnswers(reason: string): PhyllomeError {
  return new PhyllomeError('bad-request', { reason: `answers: ${reason}` });
}
