// SPDX-License-Identifier: Apache-2.0
//
// The ids that UEFI and its usual implementation (EDK2) give to what a variable store is made of.

/** Text of an id as UEFI writes it: the first three parts have their lowest byte first. */
export function readGuid(bytes: Buffer, offset: number): string {
  const hex = (from: number, to: number, swapped: boolean): string => {
    const part = bytes.subarray(offset + from, offset + to);
    return Buffer.from(swapped ? part.toReversed() : part).toString('hex');
  };
  return [hex(0, 4, true), hex(4, 6, true), hex(6, 8, true), hex(8, 10, false), hex(10, 16, false)].join('-');
}

export function guidBytes(text: string): Buffer {
  const [first = '', second = '', third = '', ...rest] = text.split('-');
  const swapped = [first, second, third].map((part) => Buffer.from(part, 'hex').toReversed());
  return Buffer.concat([...swapped, Buffer.from(rest.join(''), 'hex')]);
}

export const guids = {
  /** A firmware volume that holds variables */
  variableVolume: 'fff12b8d-7696-4c8b-a985-2747075b4f50',
  /** A store whose variables have room for a time and a counter: all that can do Secure Boot, and most others */
  authenticatedStore: 'aaf32c78-947b-439a-a180-2e144ec37792',
  /** Notes of writes that have to survive a power cut */
  workingBlock: '9e58292b-7c68-497d-a0ce-6500fd9f1b95',

  /** Vendor of PK and KEK, and of the order of booting */
  global: '8be4df61-93ca-11d2-aa0d-00e098032b8c',
  /** Vendor of db and dbx */
  imageSecurity: 'd719b2cb-3d3a-4596-a3bc-dad00e67656f',
  /** Vendor of SecureBootEnable, the switch in the firmware's setup */
  secureBootEnable: 'f0a30bc7-af08-4556-99c4-001009c93a44',
  /** Vendor of certdb, which only firmware with Secure Boot makes */
  certificateDatabase: 'd9bee56e-75dc-49d9-b4d7-b534210f637a',

  x509: 'a5c059a1-94e4-4aa7-87b5-ab155c2bf072',
  sha256: 'c1c41626-504c-4092-aca9-41f936934328',
  /** Owner under which Microsoft's certificates are enrolled everywhere */
  microsoft: '77fa9abd-0359-4d32-bd60-28f4e78f784b',
} as const;
