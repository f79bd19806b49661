// SPDX-License-Identifier: Apache-2.0
//
// access.json in the data folder: the password, and whether the page is on the network. docs/access.md shows it to users.
// The installer writes the first one into a new root file system.
import { networkPort } from '../../contract/access.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import { Type, type Static } from '../../contract/schema.ts';
import { completeValue, problemText } from '../../contract/validate.ts';
import { hashPassword, leastCost, mostMemory, type PasswordHash } from './password.ts';

// Base64 of 16 and of 32 bytes.
const Salt = Type.String({ pattern: '^[A-Za-z0-9+/]{22}==$', writeOnly: true });
const Hash = Type.String({ pattern: '^[A-Za-z0-9+/]{43}=$', writeOnly: true });

const Password = Type.Unsafe<PasswordHash>(
  Type.Object(
    {
      scheme: Type.Literal('scrypt'),
      cost: Type.Integer({ minimum: leastCost.cost, maximum: 2 ** 20 }),
      blockSize: Type.Integer({ minimum: leastCost.blockSize, maximum: 32 }),
      parallelization: Type.Integer({ minimum: 1, maximum: 16 }),
      salt: Salt,
      hash: Hash,
      setAt: Type.String({ maxLength: 40 }),
    },
    { additionalProperties: false },
  ),
);

export const AccessSettings = Type.Object(
  {
    formatVersion: Type.Literal(1),
    password: Type.Optional(Password),
    network: Type.Object(
      {
        on: Type.Boolean({ default: false }),
        port: Type.Integer({ minimum: 1024, maximum: 65_535, default: networkPort }),
        names: Type.Array(Type.String({ maxLength: 254 }), { maxItems: 20, default: [] }),
        certificate: Type.Optional(
          Type.Object(
            { certificate: Type.String(), key: Type.String() },
            { additionalProperties: false, description: 'PEM files of the owner' },
          ),
        ),
      },
      { default: {}, additionalProperties: false },
    ),
  },
  { additionalProperties: false },
);
export type AccessSettings = Static<typeof AccessSettings>;

/** What holds as long as there is no file. */
export const noAccess: AccessSettings = {
  formatVersion: 1,
  network: { on: false, port: networkPort, names: [] },
};

/**
 * The content of a first access.json: the page is on the network and takes this password. Reads and writes nothing.
 * Whoever writes it gives it to the user of the service, with mode 0600.
 * @throws PhyllomeError `password-weak`
 */
export async function accessFile(password: string, { network = true } = {}): Promise<string> {
  const hash = await hashPassword(password);
  return accessText({ ...noAccess, password: hash, network: { ...noAccess.network, on: network } });
}

export function accessText(settings: AccessSettings): string {
  return `${JSON.stringify(settings, null, 2)}\n`;
}

/** @throws PhyllomeError `access-damaged` */
export function parseAccess(text: string, file: string): AccessSettings {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    // What JSON.parse says quotes the text, and with it the hash.
    throw new PhyllomeError('access-damaged', { file, reason: 'it is no JSON' }, { cause });
  }
  const { value, problems } = completeValue(AccessSettings, content);
  if (problems.length > 0)
    throw new PhyllomeError('access-damaged', { file, reason: problems.map(problemText).join('; ') });
  const settings = value as AccessSettings;
  const { password } = settings;
  if (password !== undefined && 128 * password.cost * password.blockSize > mostMemory)
    throw new PhyllomeError('access-damaged', {
      file,
      reason: 'its password takes too much memory to be checked',
    });
  return settings;
}
