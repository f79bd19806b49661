// SPDX-License-Identifier: Apache-2.0
//
// Tests every link of the catalogue as a download would use it, without downloading a medium: lists are fetched and
// verified, files are asked for and not read. A report for people who are online, and for whoever looks after the entries.
import { PhyllomeError } from '../../contract/errors.ts';
import type { CheckedMedium } from '../../contract/catalog.ts';
import type { Medium } from '../../catalog/entry-file.ts';
import { hasInstallerPackage } from '../../catalog/fetch/installer-package.ts';
import { keysFolder } from '../../catalog/read-entries.ts';
import type { CatalogSystem } from '../../catalog/read-entries.ts';
import { failed, readUrl } from '../download-answer.ts';
import { openSource, type Patience, type ProxyEnv } from '../download-source.ts';
import type { TaskContext } from '../tasks.ts';
import { createAsk } from './ask.ts';
import { resolveDownload } from './resolve.ts';

export interface CheckParts {
  proxyEnv: ProxyEnv;
  patience?: Patience;
  keysFolder?: string;
}

// Polite to servers of which one has many media, and quick enough.
const atOnce = 6;
// One that is slow is told as dead rather than waited for (ms).
const hurry: Patience = { pauses: [1000], silence: 20_000 };

export function createCatalogCheck({
  proxyEnv,
  patience = hurry,
  keysFolder: keys = keysFolder,
}: CheckParts) {
  const ask = createAsk({ proxyEnv, patience, wait: 60_000 });

  const begins = async (
    url: URL,
    checked: boolean,
    pages: boolean,
    signal: AbortSignal,
  ): Promise<number | null> => {
    const source = await openSource({ url, signal, checked, proxyEnv, patience, pages });
    source.close();
    return source.total;
  };

  async function checkOne(
    { system, keys: trusted }: CatalogSystem,
    medium: Medium,
    signal: AbortSignal,
  ): Promise<CheckedMedium> {
    const about = {
      entry: system.id,
      medium: medium.id,
      file: null,
      bytes: null,
      signer: null,
      problem: null,
    };
    const { download, packages, bring } = medium;
    try {
      if (packages !== undefined) {
        if (await hasInstallerPackage(packages.debian, signal)) return { ...about, file: packages.debian };
        throw new PhyllomeError('installer-unavailable', {
          package: packages.debian,
          reason: 'none of them has it.',
        });
      }
      if (download === undefined) {
        await begins(readUrl(bring?.page ?? ''), false, true, signal);
        return about;
      }
      const resolved = await resolveDownload(download, trusted, { ask, keysFolder: keys }, signal);
      const { name, addresses, expected, signature, signer } = resolved;
      const checked = expected !== null || signature !== null;
      const totals = await Promise.all(addresses.map((url) => begins(url, checked, false, signal)));
      if (new Set(totals.filter((total) => total !== null)).size > 1)
        throw failed(addresses[0] as URL, 'a mirror has a file of another length');
      return { ...about, file: name, bytes: totals[0] ?? null, signer };
    } catch (error) {
      signal.throwIfAborted();
      return { ...about, problem: PhyllomeError.from(error).message };
    }
  }

  /** @throws the reason of the signal */
  return async (
    systems: readonly CatalogSystem[],
    { signal, progress }: TaskContext,
  ): Promise<CheckedMedium[]> => {
    const all = systems.flatMap((found) => found.system.media.map((medium) => ({ found, medium })));
    const results: CheckedMedium[] = [];
    let next = 0;
    let done = 0;
    const work = async (): Promise<void> => {
      for (let at = next++; at < all.length; at = next++) {
        const { found, medium } = all[at] as (typeof all)[number];
        results[at] = await checkOne(found, medium, signal);
        done += 1;
        progress(`Tested ${found.system.id}/${medium.id}`, done / all.length);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    return results;
  };
}
