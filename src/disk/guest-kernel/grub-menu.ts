// SPDX-License-Identifier: Apache-2.0
import type { BootEntry } from './boot-entry.ts';
import { blsEntries, type BlsFile } from './boot-loader-spec.ts';
import { noVariables } from './grub-environment.ts';
import { newRun, runStatements, type GrubRun, type MenuItem } from './grub-run.ts';
import { parseGrubScript } from './grub-script.ts';

export interface GrubFiles {
  /** Text of grub.cfg */
  config: string;
  /** From grubenv; null when there is none */
  environment: Readonly<Record<string, string>> | null;
  /** Files of /loader/entries, for a configuration that asks for them */
  bls: readonly BlsFile[];
  /** Where its files are: "(loop0,gpt2)/boot/grub" */
  prefix: string;
}

// What is read of a grub.cfg: real ones have up to 50 kB (characters).
const longestConfig = 2 ** 18;
// A menu in a menu in a menu: "a>b>c".
const deepest = 8;

/**
 * The entry that GRUB starts when nobody touches a key; the first one that starts a Linux when that one starts something
 * else. null: none does. Pure.
 */
export function defaultGrubEntry({ config, environment, bls, prefix }: GrubFiles): BootEntry | null {
  // "next_entry" counts once and is then cleared by GRUB, which we cannot do on a disk that is only read. Ubuntu first
  // tries to do without the initrd and notes when that failed; with it, it always works.
  const { next_entry: _, ...lasting } = environment ?? {};
  const withInitrd = { initrdfail: '1' };
  const known = Object.assign(noVariables(), lasting, withInitrd);
  const variables = Object.assign(noVariables(), {
    prefix,
    root: '',
    feature_menuentry_id: 'y',
    feature_platform_search_hint: 'y',
    grub_platform: 'efi',
    ...withInitrd,
  });
  const run = newRun(known, variables);
  runStatements(run, parseGrubScript(config.slice(0, longestConfig)));

  const specified = run.bls ? blsEntries(bls, run.variables) : [];
  const { default: wanted = '0' } = run.variables;
  // GRUB shows these before its own entries.
  const chosen = specified.find(({ id }) => id === wanted) ?? specified[Number(wanted || 0)];
  if (chosen !== undefined) return { ...chosen.entry, root: run.variables['root'] ?? '' };
  const own = pick(run, run.menu, wanted.split('>'), 0);
  return own ?? specified[0]?.entry ?? firstOf(run, run.menu, 0);
}

/** Follows a path of numbers, ids or titles through the menus. */
function pick(
  run: GrubRun,
  menu: readonly MenuItem[],
  [wanted = '', ...others]: readonly string[],
  depth: number,
): BootEntry | null {
  const byNumber = /^\d+$/.test(wanted) ? menu[Number(wanted)] : undefined;
  const item = byNumber ?? menu.find(({ id, title }) => id === wanted || title === wanted) ?? menu[0];
  if (item === undefined || depth > deepest) return null;
  const inner = perform(run, item);
  if (item.kind === 'entry') return entryOf(item, inner);
  return pick(inner, inner.menu, others.length === 0 ? ['0'] : others, depth + 1);
}

function firstOf(run: GrubRun, menu: readonly MenuItem[], depth: number): BootEntry | null {
  if (depth > deepest) return null;
  for (const item of menu) {
    const inner = perform(run, item);
    const entry = item.kind === 'entry' ? entryOf(item, inner) : firstOf(inner, inner.menu, depth + 1);
    if (entry !== null) return entry;
  }
  return null;
}

/** What an entry does, with variables of its own. */
function perform({ variables, environment }: GrubRun, { block }: MenuItem): GrubRun {
  const inner = newRun(environment, Object.assign(noVariables(), variables));
  runStatements(inner, block);
  return inner;
}

function entryOf({ title }: MenuItem, { linux, initrd, variables }: GrubRun): BootEntry | null {
  const [path, ...options] = linux ?? [];
  if (path === undefined) return null;
  return {
    title,
    root: variables['root'] ?? '',
    linux: path,
    initrds: initrd,
    commandLine: options.join(' '),
  };
}
