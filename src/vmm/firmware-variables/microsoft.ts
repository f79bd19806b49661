// SPDX-License-Identifier: Apache-2.0
//
// Microsoft's certificates for Secure Boot. Those of 2011, with which Windows and the first loader of most Linux systems
// were signed, ended in 2026. Each has a successor of 2023; what is signed from now on needs those. Who trusts the one is
// given the other: nobody comes to trust somebody new by it.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SecureBootCertificate } from '../../contract/catalog.ts';
import { guids } from './guids.ts';
import { databaseOf } from './secure-boot.ts';
import { certificateList } from './signature-list.ts';
import type { Variable } from './variable-store.ts';

interface Successor {
  database: 'KEK' | 'db';
  name: string;
  file: string;
  sha256: string;
  /** Fingerprint of the one of 2011 that it comes after */
  after: string;
}

const keyExchange2011 = 'a1117f516a32cefcba3f2d1ace10a87972fd6bbe8fe0d0b996e09e65d802a503';
const windows2011 = 'e8e95f0733a55e8bad7be0a1413ee23c51fcea64b3c8fa6a786935fddcc71961';
const others2011 = '48e99b991f57fc52f76149599bff0a58c47154229b9f8d603ac40d3500248507';
const of2011: ReadonlySet<string> = new Set([keyExchange2011, windows2011, others2011]);

export const successors: readonly Successor[] = [
  {
    database: 'KEK',
    name: 'Microsoft Corporation KEK 2K CA 2023',
    file: 'microsoft-kek-2k-ca-2023.der',
    sha256: '3cd3f0309edae228767a976dd40d9f4affc4fbd5218f2e8cc3c9dd97e8ac6f9d',
    after: keyExchange2011,
  },
  {
    database: 'db',
    name: 'Windows UEFI CA 2023',
    file: 'windows-uefi-ca-2023.der',
    sha256: '076f1fea90ac29155ebf77c17682f75f1fdd1be196da302dc8461e350a9ae330',
    after: windows2011,
  },
  {
    database: 'db',
    name: 'Microsoft UEFI CA 2023',
    file: 'microsoft-uefi-ca-2023.der',
    sha256: 'f6124e34125bee3fe6d79a574eaa7b91c0e7bd9d929c1a321178efd611dad901',
    after: others2011,
  },
  {
    database: 'db',
    name: 'Microsoft Option ROM UEFI CA 2023',
    file: 'microsoft-option-rom-uefi-ca-2023.der',
    sha256: 'e5be3e64c6e66a281457ecdece0d6d0787577aad2a3a0144262c10c14ba8d8f1',
    after: others2011,
  },
];

export type Certificates = ReadonlyMap<Successor, Buffer>;

/** The certificates that come with this program. */
export async function readMicrosoftCertificates(): Promise<Certificates> {
  const read = await Promise.all(
    successors.map(async (successor) => {
      const der = await readFile(join(import.meta.dirname, 'certificates', successor.file));
      if (createHash('sha256').update(der).digest('hex') !== successor.sha256)
        throw new Error(`${successor.file} is not the certificate it was`);
      return [successor, der] as const;
    }),
  );
  return new Map(read);
}

type Known = Pick<SecureBootCertificate, 'database' | 'sha256'>;

/** The successors that are missing although what they come after is there. */
export function missingSuccessors(certificates: readonly Known[]): Successor[] {
  const has = (database: string, sha256: string): boolean =>
    certificates.some((one) => one.database === database && one.sha256 === sha256);
  return successors.filter(({ database, sha256, after }) => has(database, after) && !has(database, sha256));
}

export function microsoftYears(certificates: readonly Known[]): {
  microsoft2011: boolean;
  microsoft2023: boolean;
} {
  const trusted = certificates.filter(({ database }) => database === 'KEK' || database === 'db');
  const isSuccessor = ({ sha256 }: Known): boolean => successors.some((one) => one.sha256 === sha256);
  return {
    microsoft2011: trusted.some(({ sha256 }) => of2011.has(sha256)),
    microsoft2023: trusted.some(isSuccessor) && missingSuccessors(certificates).length === 0,
  };
}

/**
 * The variables with these successors. Attributes and time of a variable stay: what is signed for a later time still
 * changes it.
 */
export function withSuccessors(
  variables: readonly Variable[],
  added: readonly Successor[],
  certificates: Certificates,
): Variable[] {
  return variables.map((variable) => {
    const mine = added.filter(({ database }) => databaseOf(variables, database) === variable);
    const lists = mine.map((successor) => {
      const der = certificates.get(successor);
      if (der === undefined) throw new Error(`${successor.file} was not read`);
      return certificateList(der, guids.microsoft);
    });
    return mine.length === 0 ? variable : { ...variable, data: Buffer.concat([variable.data, ...lists]) };
  });
}
