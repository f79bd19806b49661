// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { enrolMicrosoft } from './enrol.ts';
import { guidBytes, readGuid } from './guids.ts';
import { microsoftYears, readMicrosoftCertificates, successors } from './microsoft.ts';
import { certificatesOf, enforcementOf } from './secure-boot.ts';
import { certificateList, readSignatures } from './signature-list.ts';
import { emptyVolume, someVariable } from './testing.ts';
import { longestVolume, readVariables, type Variable, type VariableStore } from './variable-store.ts';
import { writeVariables } from './write-variables.ts';

const certificates = await readMicrosoftCertificates();

// What the distribution installs; which of them differs between PCs, and with firmware at least one is there.
const enrolled = [
  '/usr/share/OVMF/OVMF_VARS_4M.ms.fd',
  '/usr/share/OVMF/OVMF_VARS.ms.fd',
  '/usr/share/AAVMF/AAVMF_VARS.ms.fd',
].filter((file) => existsSync(file));
const beginning = (file: string): Buffer => readFileSync(file).subarray(0, longestVolume);

function storeIn(volume: Buffer): VariableStore {
  const store = readVariables(volume);
  if (store === null || typeof store === 'string') throw new Error(String(store));
  return store;
}

function certificatesIn(volume: Buffer) {
  const found = certificatesOf(storeIn(volume).variables);
  if (typeof found === 'string') throw new Error(found);
  return found;
}

describe.runIf(enrolled.length > 0)('templates of the distribution', () => {
  test.each(enrolled)('%s is understood', (file) => {
    const volume = beginning(file);
    const { variables } = storeIn(volume);
    expect(enforcementOf(variables)).toBe('enforced');
    const found = certificatesIn(volume);
    expect(found.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'Microsoft Corporation KEK CA 2011',
        'Microsoft Windows Production PCA 2011',
        'Microsoft Corporation UEFI CA 2011',
      ]),
    );
    expect(found.filter(({ database }) => database === 'PK')).toHaveLength(1);
    expect(microsoftYears(found).microsoft2011).toBe(true);
  });

  test.each(enrolled)('%s gets the certificates of 2023 once, and keeps everything else', (file) => {
    const volume = beginning(file);
    const before = storeIn(volume);
    const first = enrolMicrosoft(volume, certificates);
    if (typeof first === 'string') throw new Error(first);
    const after = storeIn(first.volume ?? volume);
    const kept = (variables: readonly Variable[]) =>
      variables.filter(({ name }) => !['db', 'KEK'].includes(name));
    expect(kept(after.variables)).toEqual(kept(before.variables));
    for (const [index, variable] of after.variables.entries()) {
      const { data, ...rest } = before.variables[index] as Variable;
      expect(variable).toMatchObject(rest);
      // Nothing that was trusted is removed.
      expect(variable.data.subarray(0, data.length)).toEqual(data);
    }
    const found = certificatesIn(first.volume ?? volume);
    for (const { database, name, sha256 } of successors)
      expect(found).toContainEqual(expect.objectContaining({ database, name, sha256 }));
    expect(microsoftYears(found)).toEqual({ microsoft2011: true, microsoft2023: true });
    // Outside the store nothing changed.
    const end = before.offset + before.size;
    expect(first.volume?.subarray(end).equals(volume.subarray(end))).not.toBe(false);
    expect(enrolMicrosoft(first.volume ?? volume, certificates)).toEqual({ volume: null, added: [] });
  });

  test('damage anywhere in the headers is an answer, never an exception', () => {
    const volume = Buffer.from(beginning(enrolled[0] as string));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(0x5a00), fc.nat(255)), { minLength: 1, maxLength: 12 }),
        fc.option(fc.nat(0x6000), { nil: undefined }),
        (changes, cut) => {
          const damaged = Buffer.from(cut === undefined ? volume : volume.subarray(0, cut));
          for (const [at, value] of changes) if (at < damaged.length) damaged[at] = value;
          const store = readVariables(damaged);
          if (store === null || typeof store === 'string') return;
          certificatesOf(store.variables);
          enforcementOf(store.variables);
          const result = enrolMicrosoft(damaged, certificates);
          if (typeof result === 'string' || result.volume === null) return;
          expect(typeof readVariables(result.volume)).toBe('object');
        },
      ),
      { numRuns: 200 },
    );
  });
});

// Comparing bytes one by one takes long.
const plainly = ({ data, timestamp, monotonicCount, ...rest }: Variable) => [
  JSON.stringify(rest),
  String(monotonicCount),
  timestamp.toString('hex'),
  data.toString('hex'),
];

test('what is written is read again, in the same order', () => {
  const variable = fc.record({
    vendor: fc.uuid(),
    name: fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }),
    attributes: fc.integer({ min: 0, max: 0x7f }),
    monotonicCount: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    timestamp: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes)),
    publicKeyIndex: fc.nat(0xffff),
    data: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  });
  const list = fc.uniqueArray(variable, {
    maxLength: 10,
    selector: ({ vendor, name }) => `${vendor} ${name}`,
  });
  fc.assert(
    fc.property(list, (variables) => {
      const volume = emptyVolume(8192);
      const written = writeVariables(volume, storeIn(volume), variables);
      if (typeof written === 'string') throw new Error(written);
      expect(storeIn(written).variables.map(plainly)).toEqual(variables.map(plainly));
    }),
    { numRuns: 50 },
  );
});

test('bytes of any kind are an answer', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 4096 }), (bytes) => {
      const volume = emptyVolume(4096);
      Buffer.from(bytes).copy(volume, 100);
      readVariables(volume);
      readVariables(Buffer.from(bytes));
      readSignatures(Buffer.from(bytes));
    }),
    { numRuns: 200 },
  );
});

test('an erased flash is told from a damaged one', () => {
  expect(readVariables(Buffer.alloc(4096))).toBeNull();
  expect(readVariables(Buffer.alloc(4096, 0xff))).toBeNull();
  expect(readVariables(Buffer.from('%PDF-1.7'.repeat(100)))).toBe('it is no firmware volume');
  const wrong = emptyVolume(4096);
  wrong[33] = 0x77;
  expect(readVariables(wrong)).toMatch(/longer than the flash|checksum/);
  expect(readVariables(emptyVolume(4096).subarray(0, 2000))).toBe('its volume is longer than the flash');
});

test('a variable counts until its successor is whole', () => {
  const volume = emptyVolume(4096);
  const write = (variables: Variable[]): Buffer => {
    const written = writeVariables(volume, storeIn(volume), variables);
    if (typeof written === 'string') throw new Error(written);
    return written;
  };
  const [old, young] = [someVariable('Seen', 'old'), someVariable('Seen', 'new')];
  const both = write([old, young]);
  const { offset } = storeIn(volume);
  const [first, second] = [offset + 28 + 2, offset + 28 + 2 + 60 + 10 + 3 + 3];
  expect(both[first]).toBe(0x3f);
  expect(both[second]).toBe(0x3f);
  const states = (one: number, other: number): string[] => {
    const changed = Buffer.from(both);
    changed[first] = one;
    changed[second] = other;
    return storeIn(changed).variables.map(({ data }) => data.toString());
  };
  expect(states(0x3e, 0x3f)).toEqual(['new']);
  expect(states(0x3e, 0x7f)).toEqual(['old']);
  expect(states(0x3c, 0x3f)).toEqual(['new']);
  expect(states(0x3c, 0x3d)).toEqual([]);
});

test('an interrupted rewriting is left to the firmware', () => {
  const volume = emptyVolume(4096);
  const { offset, size } = storeIn(volume);
  const block = offset + size;
  guidBytes('9e58292b-7c68-497d-a0ce-6500fd9f1b95').copy(volume, block);
  volume.writeBigUInt64LE(512n, block + 24);
  volume.fill(0xff, block + 32, block + 32 + 512);
  expect(typeof readVariables(volume)).toBe('object');
  volume.fill(0, block + 33, block + 32 + 80);
  volume.writeBigUInt64LE(1n, block + 32 + 24);
  volume[block + 32] = 0xfc;
  expect(readVariables(volume)).toMatch(/was interrupted/);
  volume[block + 32] = 0xf8;
  expect(typeof readVariables(volume)).toBe('object');
});

test('a store without room is not written', () => {
  const volume = emptyVolume(1024);
  const large = { ...someVariable('Large', ''), data: Buffer.alloc(2000) };
  expect(writeVariables(volume, storeIn(volume), [large])).toBe('its store has no room for more');
});

test('lists of certificates and hashes', () => {
  const owner = '77fa9abd-0359-4d32-bd60-28f4e78f784b';
  expect(readGuid(guidBytes(owner), 0)).toBe(owner);
  const both = Buffer.concat([
    certificateList(Buffer.from('one'), owner),
    certificateList(Buffer.from('other'), owner),
  ]);
  expect(readSignatures(both)).toEqual([
    { type: 'a5c059a1-94e4-4aa7-87b5-ab155c2bf072', owner, data: Buffer.from('one') },
    { type: 'a5c059a1-94e4-4aa7-87b5-ab155c2bf072', owner, data: Buffer.from('other') },
  ]);
  expect(readSignatures(both.subarray(0, -1))).toBe('a list of certificates is damaged');
  expect(readSignatures(both.subarray(0, 20))).toBe('a list of certificates is cut off');
});

test('only who trusts a certificate of 2011 gets its successor', () => {
  const volume = emptyVolume(32_768);
  const [, , others] = [...certificates.values()];
  const db: Variable = {
    ...someVariable('db', ''),
    vendor: 'd719b2cb-3d3a-4596-a3bc-dad00e67656f',
    data: certificateList(others as Buffer, '77fa9abd-0359-4d32-bd60-28f4e78f784b'),
  };
  const written = writeVariables(volume, storeIn(volume), [db]);
  if (typeof written === 'string') throw new Error(written);
  expect(enrolMicrosoft(written, certificates)).toEqual({ volume: null, added: [] });
  expect(microsoftYears(certificatesIn(written))).toEqual({ microsoft2011: false, microsoft2023: true });
});
