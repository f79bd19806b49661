// SPDX-License-Identifier: Apache-2.0
//
// What the variables of a firmware say about Secure Boot.
import { createHash, X509Certificate } from 'node:crypto';
import type { FirmwareState, SecureBootCertificate } from '../../contract/catalog.ts';
import { guids } from './guids.ts';
import { readSignatures, type Signature } from './signature-list.ts';
import type { Variable } from './variable-store.ts';

type Database = SecureBootCertificate['database'];

const vendors: Record<Database, string> = {
  PK: guids.global,
  KEK: guids.global,
  db: guids.imageSecurity,
  dbx: guids.imageSecurity,
};
export const databases = Object.keys(vendors) as Database[];

function findVariable(variables: readonly Variable[], vendor: string, name: string): Variable | undefined {
  return variables.find((variable) => variable.vendor === vendor && variable.name === name);
}

export const databaseOf = (variables: readonly Variable[], database: Database): Variable | undefined =>
  findVariable(variables, vendors[database], database);

/** @returns a sentence without its end when one of them is damaged */
export function certificatesOf(variables: readonly Variable[]): SecureBootCertificate[] | string {
  const found: SecureBootCertificate[] = [];
  for (const database of databases) {
    const variable = databaseOf(variables, database);
    if (variable === undefined) continue;
    const signatures = readSignatures(variable.data);
    if (typeof signatures === 'string') return `in ${database}, ${signatures}`;
    found.push(...signatures.map((signature) => describe(database, signature)));
  }
  return found;
}

/** How the firmware takes programs that nobody signed, as far as its variables decide that. */
export function enforcementOf(variables: readonly Variable[]): FirmwareState['secureBoot'] {
  const owner = databaseOf(variables, 'PK');
  if (owner === undefined || owner.data.length === 0)
    return findVariable(variables, guids.certificateDatabase, 'certdb') === undefined
      ? 'unsupported'
      : 'setup-mode';
  // Made by the firmware once it has an owner, with the value 1; its setup can switch it off.
  const enable = findVariable(variables, guids.secureBootEnable, 'SecureBootEnable');
  return enable === undefined || enable.data[0] === 1 ? 'enforced' : 'off';
}

function describe(database: Database, { type, data }: Signature): SecureBootCertificate {
  if (type !== guids.x509) {
    const digits = data.subarray(0, type === guids.sha256 ? 32 : 64).toString('hex');
    return { database, name: digits, issuer: '', validUntil: null, sha256: digits };
  }
  const sha256 = createHash('sha256').update(data).digest('hex');
  try {
    const certificate = new X509Certificate(data);
    return {
      database,
      name: nameIn(certificate.subject),
      issuer: nameIn(certificate.issuer),
      validUntil: certificate.validToDate.toISOString(),
      sha256,
    };
  } catch {
    // The firmware cannot use it either. That it is there is worth knowing.
    return { database, name: 'A certificate that cannot be read', issuer: '', validUntil: null, sha256 };
  }
}

/** The common name, or else the organization; names are lines such as "CN=...". */
function nameIn(subject: string | undefined): string {
  const lines = (subject ?? '').split('\n');
  const part = (key: string): string | undefined =>
    lines.find((line) => line.startsWith(`${key}=`))?.slice(key.length + 1);
  return part('CN') ?? part('O') ?? lines.join(', ');
}
