// SPDX-License-Identifier: Apache-2.0
//
// Small files of strangers: lists of checksums, signatures, pages that name a release. They are read into memory, so both
// their length and the time they may take are bounded.
import { failed, readUrl } from '../download-answer.ts';
import { openSource, type Patience, type ProxyEnv } from '../download-source.ts';

/** Brings a small file. @throws PhyllomeError `download-failed`, `url-refused`; the reason of the signal */
export type Ask = (address: string, signal: AbortSignal) => Promise<Buffer>;

// A list of all images of a project has some hundred kilobytes, a page of a folder less (bytes).
const longest = 8 * 2 ** 20;
// A server that gives away a byte now and then would keep us for years (ms).
const longestWait = 90_000;

export interface AskParts {
  proxyEnv: ProxyEnv;
  patience: Patience;
  wait?: number;
}

export function createAsk({ proxyEnv, patience, wait = longestWait }: AskParts): Ask {
  return async (address, signal) => {
    const url = readUrl(address);
    const late = AbortSignal.timeout(wait);
    const either = AbortSignal.any([signal, late]);
    // What anybody on the way could have changed is checked by whoever asked, or it tells a place only.
    const options = { url, signal: either, checked: false, proxyEnv, patience, pages: true };
    try {
      const source = await openSource(options);
      try {
        if ((source.total ?? 0) > longest) throw tooLong(url);
        const pieces: Buffer[] = [];
        let length = 0;
        for await (const { at, bytes } of source.content()) {
          if (at === 0) {
            pieces.length = 0;
            length = 0;
          }
          length += bytes.length;
          if (length > longest) throw tooLong(url);
          pieces.push(bytes);
        }
        return Buffer.concat(pieces);
      } finally {
        source.close();
      }
    } catch (error) {
      if (late.aborted && !signal.aborted)
        throw failed(url, `it did not come within ${Math.round(wait / 1000)} seconds`, error);
      throw error;
    }
  };
}

const tooLong = (url: URL) =>
  failed(url, `it has more than ${longest} bytes, which no list or page of this kind has`);
