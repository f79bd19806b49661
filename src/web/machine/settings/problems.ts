// SPDX-License-Identifier: Apache-2.0
import type { Problem } from '../../../contract/validate.ts';
import type { Path } from './changes.ts';

/** A mistake in the text of a definition, as the service words it: 'line 3: disks[0].bus: found "ide"; allowed: ...' */
export interface TextProblem {
  /** Counted from 1; null when it has no place */
  line: number | null;
  text: string;
}

export function readTextProblem(text: string): TextProblem {
  const match = /^line (\d+): (.*)$/s.exec(text);
  return match === null ? { line: null, text } : { line: Number(match[1]), text: match[2] as string };
}

/** The mistake of this very field, or (with `within`) of anything in it. */
export function problemAt(problems: readonly Problem[], path: Path, within = false): Problem | null {
  const fits = (problem: Problem): boolean =>
    path.every((key, index) => problem.path[index] === key) &&
    (within || problem.path.length === path.length);
  return problems.find(fits) ?? null;
}

/** A mistake in one line: 'disks[0].bus: "ide"'. What is allowed stands at the field. */
export function problemWords({ path, found }: Problem): string {
  const place = path.map((key) => (typeof key === 'number' ? `[${key + 1}]` : `.${key}`)).join('');
  return `${place.slice(1)}: ${found}`;
}
