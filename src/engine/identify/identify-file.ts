// SPDX-License-Identifier: Apache-2.0
//
// What a file of this PC is: a medium, a disk, or neither. It only reads, and what it does not know is no failure.
import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Identified } from '../../contract/catalog.ts';
import { detectMedium, type Detected, type SecondOpinion } from '../../catalog/detect/detect.ts';
import type { Osinfo } from '../../catalog/osinfo/osinfo.ts';
import { readMedium, type MediumFacts } from '../../disk/medium/read-medium.ts';
import { readSome } from '../../disk/read-some.ts';
import { sniffHandle } from '../../disk/sniff-image.ts';
import { detectDisk } from './detect-disk.ts';
import type { FoundSystem } from './entry-finder.ts';

export interface IdentifyParts {
  osinfo: Osinfo;
  /** The entry of the catalogue that suits a system; null: none */
  entryOf(system: FoundSystem): Promise<string | null>;
}

/** @param file absolute path, which has been opened as `handle` */
export async function identifyFile(
  file: string,
  handle: FileHandle,
  { osinfo, entryOf }: IdentifyParts,
): Promise<Identified> {
  const { format, found } = await sniffHandle(handle);
  if (format === 'unknown') return nothing(file, `It is no image: it is ${found}.`);
  if (format !== 'iso') return complete(file, await detectDisk(file, format, found), entryOf);
  const facts = await readMedium((offset, length) => readSome(handle, offset, length));
  if (facts === null)
    return nothing(file, 'It has the mark of an ISO image, and nothing that could be read behind it.');
  const detected = detectMedium(facts, await opinionOf(osinfo, facts));
  return complete(file, { ...detected, facts: shownFacts(facts) }, entryOf);
}

/** What osinfo-db says of a medium, for whoever asks for it. */
export async function opinionOf(
  osinfo: Pick<Osinfo, 'match'>,
  facts: MediumFacts,
): Promise<() => SecondOpinion | null> {
  const match = await osinfo.match({ ...facts, architecture: null });
  if (match === null) return () => null;
  const { system, medium, architecture } = match;
  const [id = system.id] = system.shortIds;
  const opinion: SecondOpinion = {
    id,
    name: system.name,
    osinfo: system.id,
    architecture,
    live: medium.live,
    exact: medium.size !== undefined,
  };
  return () => opinion;
}

async function complete(
  file: string,
  detected: Detected & { facts: Record<string, string> },
  entryOf: IdentifyParts['entryOf'],
): Promise<Identified> {
  const { id, name, osinfo, architecture, kind, confidence, reasons, answers, facts } = detected;
  return {
    file,
    guestOs: id,
    name,
    entry: id === 'generic' ? null : await entryOf({ id, osinfo }),
    osinfo,
    architecture,
    kind,
    confidence,
    reasons,
    facts,
    unattended: kind === 'installer' ? answers : null,
  };
}

function nothing(file: string, reason: string): Identified {
  return {
    file,
    guestOs: 'generic',
    name: 'Unknown',
    entry: null,
    osinfo: null,
    architecture: null,
    kind: 'unknown',
    confidence: 'none',
    reasons: [reason],
    facts: { file: basename(file) },
    unattended: null,
  };
}

/** What was read, for people who want to see for themselves. */
function shownFacts(facts: MediumFacts): Record<string, string> {
  const { windows } = facts;
  const all: Record<string, string> = {
    volume: facts.volume,
    volumeSet: facts.volumeSet,
    system: facts.system,
    publisher: facts.publisher,
    preparer: facts.preparer,
    application: facts.application,
    joliet: facts.joliet === facts.volume ? '' : facts.joliet,
    udf: facts.udf,
    bytes: facts.bytes === 0 ? '' : String(facts.bytes),
    created: facts.created ?? '',
    boot: facts.boot?.join(', ') ?? (facts.bootable ? 'yes' : ''),
    loaders: facts.loaders.join(', '),
    info: facts.texts['.disk/info'] ?? '',
    windows: windows === null ? '' : `${windows.version}.${windows.build}: ${windows.editions.join(', ')}`,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}
