// SPDX-License-Identifier: Apache-2.0
//
// Which mirror of Debian this PC itself uses: a machine on it gets its packages from there, too.
import { PhyllomeError } from '../../contract/errors.ts';
import { runTool, ToolFailed } from '../tiny/tool.ts';
import type { DebianMirror } from './preseed.ts';

// 'http://mirror/debian/dists/bookworm/InRelease' mirror_debian_dists_... 0
const releaseLine = /^'(https?):\/\/([^/'\s]+)((?:\/[^/'\s]+)*)\/dists\/([^'\s]+?)\/InRelease' /;

/**
 * @param printedUris what `apt-get --print-uris update` says: the one form in which apt tells its sources whatever they
 *   are written in
 * @returns null when this PC knows no mirror of Debian that a guest could use
 */
export function mirrorIn(printedUris: string): DebianMirror | null {
  const found = printedUris.split('\n').flatMap((line) => {
    const [, scheme = '', host = '', directory = '', suite = ''] = releaseLine.exec(line) ?? [];
    // The installer's own downloader takes the scheme in another question; a mirror that only has HTTPS is left to it.
    return scheme === 'http' ? [{ host, directory, suite }] : [];
  });
  const main = found.find(({ directory, suite }) => directory.endsWith('/debian') && !suite.includes('-'));
  if (main === undefined) return null;
  const security = found.find(
    ({ suite, directory }) => suite.endsWith('-security') && directory === '/debian-security',
  );
  return { host: main.host, directory: main.directory, security: security?.host ?? null };
}

/** null: this PC has no apt, or no mirror that a guest could use. */
export async function debianMirror(signal?: AbortSignal): Promise<DebianMirror | null> {
  try {
    const printed = await runTool('apt-get', ['--print-uris', 'update'], {
      purpose: 'finding the mirror of this PC',
      install: 'apt',
      signal,
    });
    return mirrorIn(printed);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ToolFailed) return null;
    if (error instanceof PhyllomeError && error.code === 'tool-missing') return null;
    throw error;
  }
}
