// SPDX-License-Identifier: Apache-2.0
import { PhyllomeError } from '../../contract/errors.ts';
import type { OsImage, OsNotice } from '../../contract/os.ts';
import { checksumNames } from './checksum-names.ts';
import { judgeOffer, type Judged } from './judge-offer.ts';
import { readSmallFile } from './read-source.ts';
import { requireSigned } from './signature.ts';

export interface Search {
  /** Of a folder, http:, https: or file: */
  url: string;
  /** What it is called for people: the address, or the name of a stick */
  from: string;
  image: OsImage;
  failed: readonly { version: string; why: OsNotice['what'] }[];
  /** "/" outside of tests */
  root: string;
  signal: AbortSignal;
}

// A hundred versions of all editions (bytes); a signature has some hundred.
const longestList = 2 ** 18;
const longestSignature = 2 ** 14;

/**
 * Reads the list of updates in a folder, checks who signed it, and says what it offers to this PC.
 *
 * The signature comes before everything else that is done with the list. Whoever can change the folder, or lead us to another,
 * can do no more than offer lists that are genuine; of those, only what is newer than what runs is taken.
 * @throws PhyllomeError why nothing can be had; the reason of the signal
 */
export async function findUpdate({ url, from, image, failed, root, signal }: Search): Promise<Judged> {
  const folder = url.endsWith('/') ? url : `${url}/`;
  const read = (name: string, longest: number): Promise<Buffer> =>
    readSmallFile(new URL(name, folder), { from, signal, longest });
  const list = await read('SHA256SUMS', longestList);
  const signature = await read('SHA256SUMS.gpg', longestSignature).catch((error: unknown) => {
    if (!(error instanceof PhyllomeError) || error.code !== 'os-update-unreachable') throw error;
    throw new PhyllomeError(
      'os-update-unsigned',
      { from, reason: `SHA256SUMS.gpg, the signature, cannot be read (${String(error.facts['reason'])})` },
      { cause: error },
    );
  });
  await requireSigned(list, signature, from, root);
  return judgeOffer(checksumNames(list, from), from, image, failed);
}
