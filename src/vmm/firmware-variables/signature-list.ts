// SPDX-License-Identifier: Apache-2.0
//
// What is in PK, KEK, db and dbx: lists of certificates or hashes, one list behind the other (EFI_SIGNATURE_LIST in the
// UEFI specification, "Secure Boot and Driver Signing").
import { guidBytes, guids, readGuid } from './guids.ts';

export interface Signature {
  /** What kind of thing `data` is: one of `guids` */
  type: string;
  owner: string;
  data: Buffer;
}

const listHeaderLength = 28;
const ownerLength = 16;

/** @returns a sentence without its end when the lists are damaged */
export function readSignatures(bytes: Buffer): Signature[] | string {
  const found: Signature[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + listHeaderLength > bytes.length) return 'a list of certificates is cut off';
    const length = bytes.readUInt32LE(at + 16);
    const first = at + listHeaderLength + bytes.readUInt32LE(at + 20);
    const each = bytes.readUInt32LE(at + 24);
    const end = at + length;
    if (first > end || end > bytes.length || each <= ownerLength || (end - first) % each !== 0)
      return 'a list of certificates is damaged';
    for (let place = first; place < end; place += each) {
      const data = bytes.subarray(place + ownerLength, place + each);
      found.push({ type: readGuid(bytes, at), owner: readGuid(bytes, place), data });
    }
    at = end;
  }
  return found;
}

/** A list with one certificate: they differ in length, so each has a list of its own. */
export function certificateList(der: Buffer, owner: string): Buffer {
  const header = Buffer.alloc(listHeaderLength);
  guidBytes(guids.x509).copy(header);
  header.writeUInt32LE(listHeaderLength + ownerLength + der.length, 16);
  header.writeUInt32LE(0, 20);
  header.writeUInt32LE(ownerLength + der.length, 24);
  return Buffer.concat([header, guidBytes(owner), der]);
}
