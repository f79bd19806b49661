// SPDX-License-Identifier: Apache-2.0
//
// What an installer says on the serial port, turned into progress. Scripts of ours that run in installers write lines
// "@phyllome@ WORD TEXT"; the rest is the installer's own log, of which a table says what it means.

/** Where an installation stands. Immutable; each line that means something makes a new one. */
export interface Standing {
  /** In words: "Installing the base system" */
  step: string;
  /** How much of this step is done; null: not known */
  percent: number | null;
  /** What the installer asks and waits for; null: nothing */
  question: string | null;
  /** It has done its work, and the system is on the disk */
  installed: boolean;
  /** It gave up, in its own words; null: it did not */
  failure: string | null;
}

export const begun: Standing = {
  step: 'Starting the installer',
  percent: null,
  question: null,
  installed: false,
  failure: null,
};

/** A line of an installer's log and the step that begins with it, at which share of the whole. */
export interface Milestone {
  pattern: RegExp;
  step: string;
  /** Of all the work, from 0 to 1: as measured once on one PC, so it is about right at best */
  share: number;
  /** It is the end of it, for this reason; left out: it goes on */
  fails?: string;
}

// Text of a guest, which could be anything: no control characters, and not too much of it.
const mostText = 300;
const clean = (text: string): string =>
  text
    .replaceAll(/[^ -~\u00a0-\uffff]+/g, ' ')
    .trim()
    .slice(0, mostText);

/** @param line without its line break */
export function advance(standing: Standing, line: string, milestones: readonly Milestone[]): Standing {
  const own = /^@phyllome@ (\w+) ?(.*)$/.exec(line.trimEnd());
  if (own !== null) return obey(standing, own[1] ?? '', clean(own[2] ?? ''));
  const milestone = milestones.find(({ pattern }) => pattern.test(line));
  if (milestone === undefined || milestone.step === standing.step) return standing;
  if (milestone.fails !== undefined && !standing.installed) return { ...standing, failure: milestone.fails };
  return { ...standing, step: milestone.step, percent: null, question: null };
}

function obey(standing: Standing, word: string, text: string): Standing {
  switch (word) {
    case 'step':
      return { ...standing, step: text, percent: null, question: null };
    case 'percent': {
      const percent = Number(text);
      return Number.isFinite(percent) && percent >= 0 && percent <= 100
        ? { ...standing, percent, question: null }
        : standing;
    }
    case 'question':
      return { ...standing, question: text === '' ? 'a question' : text };
    case 'going':
      return { ...standing, question: null };
    case 'installed':
      return { ...standing, installed: true, question: null, step: 'Installed', percent: null };
    case 'failed':
      return { ...standing, failure: text === '' ? 'it gave no reason' : text };
    default:
      return standing;
  }
}

/** How much of the whole is done: the share of the step that runs, and a part of the way to the next one. */
export function fractionOf(
  { step, percent, installed }: Standing,
  milestones: readonly Milestone[],
): number | null {
  if (installed) return 1;
  const index = milestones.findIndex((milestone) => milestone.step === step);
  if (index < 0) return percent === null ? null : percent / 100;
  const from = milestones[index]?.share ?? 0;
  const next = milestones.slice(index + 1).find(({ share }) => share > from)?.share ?? 1;
  return from + ((next - from) * (percent ?? 0)) / 100;
}
