// SPDX-License-Identifier: Apache-2.0
//
// osinfo-db of this PC, when it has one: compiled when first asked for, kept as one file in the cache.
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CatalogEntry } from '../../contract/catalog.ts';
import { namesIn, writeAtomic } from '../../host/files.ts';
import { databaseForm, type OsinfoDatabase } from './database.ts';
import { osinfoEntries } from './entries.ts';
import { createOsinfoFacts, type OsinfoFacts } from './facts.ts';
import { findOsinfoFiles, osinfoFolders, readAll, type OsinfoFiles } from './folders.ts';
import { createOsinfoMatcher, type MediumLabels, type OsinfoMatch } from './match.ts';

export interface Osinfo {
  /** All of it; null when this PC has none */
  load(): Promise<OsinfoDatabase | null>;
  /** The system whose media look like this; null: no rule matches */
  match(labels: MediumLabels): Promise<OsinfoMatch | null>;
  /** By address, short id or another of its short ids */
  facts(ref: string): Promise<OsinfoFacts | null>;
  /** As entries of the catalogue */
  entries(): Promise<CatalogEntry[]>;
}

export interface OsinfoOptions {
  /** Default: where libosinfo looks */
  folders?: readonly string[];
  cacheDirectory: string;
}

interface Loaded {
  fingerprint: string;
  database: OsinfoDatabase;
  match: ReturnType<typeof createOsinfoMatcher>;
  facts: ReturnType<typeof createOsinfoFacts>;
  /** Made when first asked for; the same list until a file changes */
  entries: () => CatalogEntry[];
}

// Whether files changed is looked at this often: a package that is installed is seen without a new start.
const freshFor = 10_000;

export function createOsinfo({
  folders = osinfoFolders(process.env),
  cacheDirectory,
}: OsinfoOptions): Osinfo {
  let current: { at: number; loaded: Promise<Loaded | null> } | null = null;

  const loaded = (): Promise<Loaded | null> => {
    const before = current;
    if (before !== null && performance.now() - before.at < freshFor) return before.loaded;
    const next = { at: performance.now(), loaded: reload(before?.loaded ?? null) };
    current = next;
    // What failed is tried again the next time.
    next.loaded.catch(() => {
      if (current === next) current = null;
    });
    return next.loaded;
  };

  async function reload(before: Promise<Loaded | null> | null): Promise<Loaded | null> {
    const files = await findOsinfoFiles(folders);
    if (files === null) return null;
    const known = await before?.catch(() => null);
    if (known?.fingerprint === files.fingerprint) return known;
    const database = await databaseOf(files, cacheDirectory);
    const { fingerprint } = files;
    let entries: CatalogEntry[] | null = null;
    return {
      fingerprint,
      database,
      match: createOsinfoMatcher(database),
      facts: createOsinfoFacts(database),
      entries: () => (entries ??= osinfoEntries(database)),
    };
  }

  const none: CatalogEntry[] = [];
  return {
    load: async () => (await loaded())?.database ?? null,
    match: async (labels) => (await loaded())?.match(labels) ?? null,
    facts: async (ref) => (await loaded())?.facts(ref) ?? null,
    entries: async () => (await loaded())?.entries() ?? none,
  };
}

async function databaseOf(
  { fingerprint, files }: OsinfoFiles,
  cacheDirectory: string,
): Promise<OsinfoDatabase> {
  const name = `osinfo-${fingerprint}.json`;
  const file = join(cacheDirectory, name);
  const kept = await readKept(file);
  if (kept !== null) return kept;
  const { compileOsinfo } = await import('./compile.ts');
  const documents: string[] = [];
  for await (const text of readAll(files)) documents.push(text);
  const database = compileOsinfo(documents);
  await keep(cacheDirectory, name, database);
  return database;
}

async function readKept(file: string): Promise<OsinfoDatabase | null> {
  try {
    const kept = JSON.parse(await readFile(file, 'utf8')) as OsinfoDatabase;
    return kept.form === databaseForm ? kept : null;
  } catch {
    // Not there, or half of it: it is made again.
    return null;
  }
}

/** A cache that cannot be written only costs time. */
async function keep(cacheDirectory: string, name: string, database: OsinfoDatabase): Promise<void> {
  try {
    await mkdir(cacheDirectory, { recursive: true, mode: 0o700 });
    await writeAtomic(join(cacheDirectory, name), JSON.stringify(database), { durable: false });
    const others = (await namesIn(cacheDirectory)).filter((other) =>
      /^osinfo-[0-9a-f]{32}\.json$/.test(other),
    );
    for (const other of others) if (other !== name) await rm(join(cacheDirectory, other), { force: true });
  } catch {
    // No space, or nobody's folder.
  }
}
