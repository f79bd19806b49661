// SPDX-License-Identifier: Apache-2.0
import { PhyllomeError } from '../../../contract/errors.ts';

/** What systemd-sysupdate failed with, in words of ours where people can do something about it. Pure. */
export function explainFailure(error: unknown, version: string, from: string): unknown {
  if (!(error instanceof PhyllomeError) || error.code !== 'os-tool-failed') return error;
  const reason = String(error.facts['reason']);
  const options = { cause: error };
  const file = /Checksum of \S*\/(\S+) file did not check out/.exec(reason)?.[1];
  if (file !== undefined)
    return new PhyllomeError(
      'os-update-unusable',
      { from, reason: `${file} is not what the signed list says` },
      options,
    );
  if (/No space left on device|larger than|too (?:large|big)|File too large/i.test(reason))
    return new PhyllomeError(
      'os-update-too-large',
      {
        version,
        needs: 'more',
        place: 'this disk',
        has: 'too little for it',
        next: `Nothing was changed. systemd-sysupdate says: ${lastWords(reason)}`,
      },
      options,
    );
  if (/Failed to retrieve image file|Premature connection termination|HTTP request to/.test(reason))
    return new PhyllomeError(
      'os-update-unreachable',
      { from, reason: `a file could not be loaded whole (${lastWords(reason)})` },
      options,
    );
  const { tool } = error.facts;
  return new PhyllomeError('os-tool-failed', { tool: String(tool), reason: lastWords(reason) }, options);
}

// It tells all that it does; what went wrong stands at the end, before it says how it ended.
function lastWords(reason: string): string {
  const lines = reason
    .split('\n')
    .filter(
      (line) => !/^(?:Exiting\.|Pulling|Acquired|Got |Found|Selected|Making room|\S* ?Acquiring)/u.test(line),
    );
  return lines.slice(-3).join(' ').slice(-300);
}
