// SPDX-License-Identifier: Apache-2.0
//
// From what was read of a medium to what it is. Pure: the same facts give the same answer.
import type { Architecture } from '../../contract/machine.ts';
import { processorNamed, processorOfLoaders, type Processor } from './architecture.ts';
import type { MediumFacts } from '../../disk/medium/read-medium.ts';
import {
  answersOf,
  matchRule,
  type AnswerFormat,
  type Field,
  type Kind,
  type Labels,
  type Matched,
  type Rule,
} from './rule.ts';
import { rules } from './rules/all.ts';
import { tellWindowsApart, windowsOfImage } from './windows.ts';

type Confidence = 'certain' | 'likely' | 'guess' | 'none';

export interface Detected {
  family: string | null;
  /** As osinfo-db calls it in short; "generic" when it is not known */
  id: string;
  name: string;
  osinfo: string | null;
  architecture: Architecture | null;
  kind: Kind;
  confidence: Confidence;
  reasons: string[];
  answers: AnswerFormat | null;
}

/** What another list of rules found: osinfo-db's. */
export interface SecondOpinion {
  id: string;
  name: string;
  osinfo: string;
  architecture: string | null;
  live: boolean;
  /** Its rule also knows the size of the medium, so it is this very one */
  exact: boolean;
}

/**
 * @param second what osinfo-db says. It fills in what our own rules leave open, and wins where it knows this very medium by
 *   its size: newer labels than its own it does not know at all.
 */
export function detectMedium(facts: MediumFacts, second: () => SecondOpinion | null = () => null): Detected {
  const labels = labelsOf(facts);
  const own = ownRule(labels);
  const processor = processorOf(facts, labels, own);
  const base = own === null ? null : fromRule(own, facts);
  const opinion = second();
  const open = base === null || own?.rule.vague === true || (opinion !== null && knowsBetter(opinion, base));
  const found = open && opinion !== null && agrees(base, opinion) ? fromOsinfo(opinion, base, own) : base;
  if (found === null) return unknown(facts, processor);
  const theirs = opinion?.id === found.id ? processorNamed(opinion.architecture ?? '') : null;
  const chosen = processor ?? theirs;
  const other =
    chosen !== null && chosen.machine === null ? [`It is for ${chosen.name}, which no machine here is.`] : [];
  return { ...found, architecture: chosen?.machine ?? null, reasons: [...found.reasons, ...other] };
}

const some = (...texts: string[]): string[] =>
  texts.map((text) => narrow(text).trim()).filter((text) => text !== '');

/**
 * The text in one byte a character: for wider ones all expressions would have to be compiled once more, which takes seconds,
 * and none of them asks for such characters.
 */
function narrow(text: string): string {
  return Buffer.from(text.replaceAll(/[^\u0020-\u00ff]/g, '?'), 'latin1').toString('latin1');
}

function labelsOf(facts: MediumFacts): Labels {
  return {
    volume: some(unquoted(facts.volume), facts.joliet, facts.udf),
    volumeSet: some(facts.volumeSet),
    system: some(facts.system),
    publisher: some(facts.publisher),
    preparer: some(facts.preparer),
    application: some(facts.application),
    udf: some(facts.udf),
    info: some((facts.texts['.disk/info'] ?? '').slice(0, longestLabel)),
    tree: some(treeInfo(facts.texts['.treeinfo'] ?? ''), cdInfo(facts.texts['.cd-info'] ?? '')),
    path: facts.names,
  };
}

// Fields of a header have at most 128 characters; expressions need time by the square of the length.
const longestLabel = 200;

/** Some tools were given their label in quotation marks, and kept them. */
function unquoted(label: string): string {
  return label.replace(/^"(.*)"$/, '$1');
}

/** "Fedora 44 x86_64" of the file that installers of the Fedora family read themselves. */
function treeInfo(text: string): string {
  const value = (key: string) => new RegExp(`^${key}\\s*=\\s*(.{1,80})$`, 'm').exec(text)?.[1]?.trim() ?? '';
  const family = value('family') || value('name');
  return family === '' ? '' : `${family} ${value('version')} ${value('arch')}`.trim();
}

/** "proxmox-ve 9.0" of the file that Proxmox' installers read. */
function cdInfo(text: string): string {
  const value = (key: string) => new RegExp(`^${key}=['"]?([\\w.-]{1,40})`, 'm').exec(text)?.[1] ?? '';
  return `${value('ISONAME')} ${value('RELEASE')}`.trim();
}

function ownRule(labels: Labels): Matched | null {
  let vague: Matched | null = null;
  for (const rule of rules) {
    const matched = matchRule(rule, labels);
    if (matched === null) continue;
    if (rule.vague !== true) {
      // A precise rule of another family that comes later was not meant: "Kali" is vague, but it is not Debian.
      if (vague === null || vague.rule.family === rule.family) return matched;
      continue;
    }
    vague ??= matched;
  }
  return vague;
}

const fieldNames: Record<Field, string> = {
  volume: 'Its label',
  volumeSet: 'Its volume set',
  system: 'Its system id',
  publisher: 'Its publisher',
  preparer: 'Its preparer',
  application: 'Its application id',
  udf: 'Its UDF label',
  info: 'Its file .disk/info',
  tree: 'Its file .treeinfo',
  path: 'A file on it',
};

function fromRule(own: Matched, facts: MediumFacts): Detected {
  const { rule } = own;
  const said = own.evidence.map(({ field, text }) => `${fieldNames[field]} is "${short(text)}".`);
  const detected: Detected = {
    family: rule.family,
    id: own.id,
    name: own.name,
    osinfo: own.osinfo,
    architecture: null,
    kind: kindOf(rule, facts),
    confidence: rule.vague === true ? 'likely' : 'certain',
    reasons: [...said, ...(rule.vague === true ? ['It does not say which version.'] : [])],
    answers: answersOf(own),
  };
  return rule.family === 'windows' ? refineWindows(detected, own, facts) : detected;
}

function refineWindows(detected: Detected, own: Matched, facts: MediumFacts): Detected {
  const medium = { bytes: facts.bytes, created: facts.created?.slice(0, 10) ?? null };
  const ofImage = facts.windows === null ? null : windowsOfImage(facts.windows);
  const version = ofImage ?? (own.rule.vague === true ? tellWindowsApart(own, medium) : null);
  if (version === null) return detected;
  const said = detected.reasons.filter((reason) => !reason.startsWith('It does not say'));
  return {
    ...detected,
    id: version.id,
    name: version.name,
    osinfo: `http://microsoft.com/win/${version.id.slice('win'.length)}`,
    confidence: version.sure,
    reasons: [...said, version.reason],
  };
}

function short(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function kindOf(rule: Rule, { volume, application, names }: MediumFacts): Kind {
  if (rule.kind !== undefined) return rule.kind;
  const live =
    /(?<![a-z])live|_live/i.test(`${volume} ${application}`) ||
    names.some((name) => name.toLowerCase() === 'liveos');
  return live ? 'live' : 'installer';
}

/**
 * osinfo-db knows media by their size where their labels say nothing. It must not turn one family into another, nor must a
 * rule of it that only knows the label win over what tells Windows apart.
 */
function agrees(base: Detected | null, opinion: SecondOpinion): boolean {
  if (base === null) return true;
  if (base.family === 'windows') return opinion.exact && opinion.id.startsWith('win');
  return base.family !== null && opinion.id.startsWith(base.family);
}

/** It knows the size of this very medium, whose label says too little: "ALT 8.0" was on some media of 8.1. */
function knowsBetter({ exact, id }: SecondOpinion, base: Detected): boolean {
  return exact && withoutVersion(id) === withoutVersion(base.id);
}

function withoutVersion(id: string): string {
  return id.replaceAll(/[\d.]+/g, '');
}

function fromOsinfo(opinion: SecondOpinion, base: Detected | null, own: Matched | null): Detected {
  return {
    family: own?.rule.family ?? null,
    id: opinion.id,
    name: opinion.name,
    osinfo: opinion.osinfo,
    architecture: null,
    kind: opinion.live ? 'live' : (base?.kind ?? 'installer'),
    confidence: opinion.exact ? 'certain' : 'likely',
    reasons: [
      ...(base?.reasons.filter((reason) => !reason.startsWith('It does not say')) ?? []),
      opinion.exact
        ? `osinfo-db knows this very medium, with its size: ${opinion.name}.`
        : `It matches a rule of osinfo-db: ${opinion.name}.`,
    ],
    answers: base?.answers ?? null,
  };
}

function processorOf(facts: MediumFacts, labels: Labels, own: Matched | null): Processor | null {
  const texts = [
    ...(labels.volume ?? []),
    facts.application,
    facts.volumeSet,
    ...(labels.info ?? []),
    ...(labels.tree ?? []),
  ];
  if (facts.windows?.architecture) return processorNamed(facts.windows.architecture);
  for (const text of texts) {
    const found = processorNamed(text);
    if (found !== null) return found;
  }
  const byLoader = processorOfLoaders(facts.loaders);
  if (byLoader !== null) return byLoader;
  if (/^(PPC|APPLE)/i.test(facts.system)) return processorNamed('ppc');
  // Only PCs have a BIOS.
  const hasBios = facts.bootCode || facts.boot?.includes('bios') === true;
  if (hasBios || own?.rule.pcOnly === true || own?.rule.family === 'windows') return processorNamed('x86_64');
  return null;
}

function unknown(facts: MediumFacts, processor: Processor | null): Detected {
  const label = facts.volume || facts.joliet || facts.udf;
  const said = label === '' ? 'It has no label.' : `Its label is "${short(label)}", which no rule knows.`;
  return {
    family: null,
    id: 'generic',
    name: 'Unknown',
    osinfo: null,
    architecture: processor?.machine ?? null,
    kind: facts.bootable ? 'installer' : 'unknown',
    confidence: 'none',
    reasons: [said, facts.bootable ? 'It can be booted.' : 'It cannot be booted.'],
    answers: null,
  };
}
