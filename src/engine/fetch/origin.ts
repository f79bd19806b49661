// SPDX-License-Identifier: Apache-2.0
//
// Where a file of the library is from and how it was verified, in a hidden file beside it. It counts as long as the file is
// the one it was written for.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { verifications } from '../../contract/catalog.ts';
import { writeAtomic } from '../../host/files.ts';

export interface Origin {
  formatVersion: 1;
  /** Of the file */
  name: string;
  entry: string;
  medium: string;
  /** Server it came from */
  host: string;
  verified: (typeof verifications)[number];
  signer: string | null;
  /** What it had to be, as it was published (perhaps packed): "sha256:0123…"; null: nothing was published */
  published: string | null;
  /** The file as it was stored */
  bytes: number;
  modified: string;
  sha256: string;
}

/** What of a file tells that it is another one now. */
export interface FileStamp {
  size: bigint;
  mtimeNs: bigint;
}

const fileOf = (folder: string, name: string): string =>
  join(folder, `.origin-${createHash('sha256').update(name).digest('hex').slice(0, 32)}.json`);

/** null: there is none, or it is none of ours */
export function readOrigin(folder: string, name: string): Origin | null {
  try {
    const origin = JSON.parse(readFileSync(fileOf(folder, name), 'utf8')) as Origin;
    return isOrigin(origin) && origin.name === name ? origin : null;
  } catch {
    // Without it a file is one that nobody vouches for, which is true of what cannot be read, too.
    return null;
  }
}

export function writeOrigin(folder: string, origin: Origin): Promise<void> {
  return writeAtomic(fileOf(folder, origin.name), JSON.stringify(origin));
}

export function removeOrigin(folder: string, name: string): Promise<void> {
  return rm(fileOf(folder, name), { force: true });
}

/** Whether a file is, as far as its stamp says, the one that was stored. */
export function isUntouched({ bytes, modified }: Origin, { size, mtimeNs }: FileStamp): boolean {
  return BigInt(bytes) === size && modified === mtimeNs.toString();
}

function isOrigin(value: Origin): boolean {
  const { formatVersion, name, entry, medium, host, verified, signer, published, bytes, modified, sha256 } =
    value;
  return (
    formatVersion === 1 &&
    [name, entry, medium, host, modified, sha256].every((text) => typeof text === 'string') &&
    [signer, published].every((text) => text === null || typeof text === 'string') &&
    verifications.includes(verified) &&
    Number.isSafeInteger(bytes)
  );
}
