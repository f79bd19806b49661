// SPDX-License-Identifier: Apache-2.0
//
// How systems write on their media who they are. A rule is data: what a label looks like, and what follows from it.
import type { answerFormats, Identified } from '../../contract/catalog.ts';

/** What a label can stand in; `info` and `tree` are files that many media have, `path` is a name in the root folder. */
export type Field =
  | 'volume'
  | 'volumeSet'
  | 'system'
  | 'publisher'
  | 'preparer'
  | 'application'
  | 'udf'
  | 'info'
  | 'tree'
  | 'path';

export type Kind = Identified['kind'];
export type AnswerFormat = (typeof answerFormats)[number];
/** From which version on (0: each) an installer takes which kind of answers */
export type Answers = readonly (readonly [from: number, format: AnswerFormat])[];

/**
 * Texts in `id`, `name` and `osinfo` may have places for named groups of the expressions: "{major}", with a mark before it
 * that goes when the group is not there: "{.minor}", "{ sp}".
 */
export interface Rule {
  family: string;
  /** All of them must match */
  when: Partial<Record<Field, RegExp>>;
  id: string;
  name: string;
  /** Address in osinfo-db without "http://" */
  osinfo?: string;
  /** Default: live when the label says so, else installer */
  kind?: Kind;
  answers?: Answers;
  /** The label does not say which version: what else is known may */
  vague?: boolean;
  /** Media of this system are only sold or given for PCs, so a label need not say so */
  pcOnly?: boolean;
}

export interface Matched {
  rule: Rule;
  id: string;
  name: string;
  osinfo: string | null;
  groups: Record<string, string>;
  /** Which field said so, and what it says */
  evidence: { field: Field; text: string }[];
}

export type Labels = Partial<Record<Field, readonly string[]>>;

export function matchRule(rule: Rule, labels: Labels): Matched | null {
  const groups: Record<string, string> = {};
  const evidence: Matched['evidence'] = [];
  for (const [key, expression] of Object.entries(rule.when)) {
    const field = key as Field;
    let found: RegExpExecArray | null = null;
    for (const text of labels[field] ?? []) {
      found ??= expression.exec(text);
      if (found?.input === text) evidence.push({ field, text });
    }
    if (found === null) return null;
    for (const [name, value] of Object.entries(found.groups ?? {})) if (value) groups[name] = value;
  }
  const { osinfo = null } = rule;
  return {
    rule,
    id: fill(rule.id, groups).toLowerCase(),
    name: fill(rule.name, groups),
    osinfo: osinfo === null ? null : `http://${fill(osinfo, groups).toLowerCase()}`,
    groups,
    evidence,
  };
}

function fill(template: string, groups: Record<string, string>): string {
  return template.replaceAll(/\{([^\w}]?)(\w+)\}/g, (_, mark: string, name: string) => {
    const value = groups[name];
    return value === undefined ? '' : `${mark}${value}`;
  });
}

/** The format that the highest step not above the version has. */
export function answersOf({ rule, groups }: Matched): AnswerFormat | null {
  const version = Number.parseFloat(`${groups['major'] ?? 0}.${groups['minor'] ?? 0}`);
  return rule.answers?.findLast(([from]) => version >= from)?.[1] ?? null;
}
