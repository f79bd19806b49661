// SPDX-License-Identifier: Apache-2.0
//
// The certificate of the page on the network: one that we make, or files of the owner.
import { X509Certificate } from 'node:crypto';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { isIP } from 'node:net';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { createSecureContext } from 'node:tls';
import type { ServedCertificate } from '../../contract/access.ts';
import { PhyllomeError, reasonOf } from '../../contract/errors.ts';
import { errorCode, writeAtomic } from '../../host/files.ts';
import { normalAddress } from './host-names.ts';

const day = 24 * 60 * 60 * 1000;
// Browsers refuse longer ones of authorities (398 days); people compare ours once a year.
const validDays = 397;
const renewBefore = 30 * day;
// Addresses of other networks this PC was in stay in it, so that going back and forth does not make a new one each time.
const mostNames = 40;

export interface Certificate {
  /** PEM; the chain, too, when the owner's file has one */
  cert: string;
  key: string;
  description: ServedCertificate;
  /** When it begins (ms): a clock that was wrong may have put that into the future */
  from: number;
}

/** @throws PhyllomeError `certificate-unusable` */
export async function readOwnCertificate(files: { certificate: string; key: string }): Promise<Certificate> {
  const [cert, key] = [await read(files.certificate), await read(files.key)];
  let described: Pick<Certificate, 'description' | 'from'>;
  try {
    described = describe(cert, true);
  } catch (cause) {
    throw unusable(files.certificate, 'it holds no certificate in PEM', cause);
  }
  const { until } = described.description;
  if (Date.parse(until) < Date.now()) throw unusable(files.certificate, `it ended on ${until.slice(0, 10)}`);
  try {
    createSecureContext({ cert, key });
  } catch (cause) {
    throw unusable(files.key, 'it holds no unencrypted key that belongs to the certificate', cause);
  }
  return { cert, key, ...described };
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw unusable(file, reasonOf(cause), cause);
  }
}

function unusable(file: string, reason: string, cause?: unknown): PhyllomeError {
  return new PhyllomeError('certificate-unusable', { file, reason }, { cause });
}

/** Is it still to be served? Not when it nears its end or lacks one of the names. */
export function isGood(
  { description, from }: Certificate,
  names: readonly string[],
  now = Date.now(),
): boolean {
  const covered = new Set(description.names);
  const lasts = Date.parse(description.until) - now > renewBefore;
  return lasts && from <= now && names.every((name) => covered.has(name));
}

/**
 * The certificate in a file of ours; made anew when there is none or it is not good any more.
 * @param names names and addresses it has to be good for; the first one is its subject
 */
export async function ensureCertificate(file: string, names: readonly string[]): Promise<Certificate> {
  const kept = await readKept(file);
  if (kept !== null && isGood(kept, names)) return kept;
  const before = (kept?.description.names ?? []).filter((name) => isIP(name) !== 0 && !names.includes(name));
  const made = await make(dirname(file), [...names, ...before].slice(0, mostNames));
  await writeAtomic(file, made);
  return split(made);
}

async function readKept(file: string): Promise<Certificate | null> {
  try {
    return split(await readFile(file, 'utf8'));
  } catch (error) {
    // Damaged ones are replaced: nothing rests on this very one.
    if (errorCode(error) === 'EACCES') throw error;
    return null;
  }
}

function split(text: string): Certificate {
  const [key, cert] = ['PRIVATE KEY', 'CERTIFICATE'].map(
    (what) => new RegExp(`-----BEGIN ${what}-----[^-]+-----END ${what}-----\n`).exec(text)?.[0] ?? '',
  ) as [string, string];
  const certificate = { cert, key, ...describe(cert, false) };
  createSecureContext({ cert, key });
  return certificate;
}

function describe(cert: string, own: boolean): Pick<Certificate, 'description' | 'from'> {
  const { fingerprint256, validFromDate, validToDate, subjectAltName = '' } = new X509Certificate(cert);
  const names = subjectAltName
    .split(', ')
    .flatMap((name) => /^(?:DNS|IP Address):(.+)$/.exec(name)?.[1] ?? [])
    .map((name) => normalAddress(name));
  const description = { own, fingerprint: fingerprint256, until: validToDate.toISOString(), names };
  return { description, from: validFromDate.getTime() };
}

const execute = promisify(execFile);
// The configuration of the system may want other things.
const plain = ['-config', '/dev/null'];

/** @returns key and certificate, PEM */
async function make(directory: string, names: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(directory, '.certificate-'));
  try {
    const [key, cert] = [join(folder, 'key'), join(folder, 'certificate')];
    const alternative = names.map((name) => `${isIP(name) === 0 ? 'DNS' : 'IP'}:${name}`).join(',');
    const extensions = [
      `subjectAltName=${alternative}`,
      'basicConstraints=critical,CA:FALSE',
      'keyUsage=critical,digitalSignature',
      'extendedKeyUsage=serverAuth',
    ].flatMap((extension) => ['-addext', extension]);
    const subject = `/CN=${(names[0] ?? 'phyllome').slice(0, 64)}`;
    const files = ['-keyout', key, '-out', cert];
    const parameters = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-sha256'];
    const validity = ['-days', String(validDays), '-subj', subject];
    await execute('openssl', ['req', '-x509', ...plain, ...parameters, ...validity, ...extensions, ...files]);
    return (await readFile(key, 'utf8')) + (await readFile(cert, 'utf8'));
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    throw new PhyllomeError(
      'vmm-missing',
      { binary: 'openssl', install: 'the package openssl' },
      { cause: error },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
