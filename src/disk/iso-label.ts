// SPDX-License-Identifier: Apache-2.0
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** What the primary volume descriptor of an ISO 9660 medium says (ECMA-119 section 8.4). Anybody can write it. */
export interface IsoLabel {
  volume: string;
  publisher: string;
}

const descriptor = 16 * 2048;
const fields = { volume: [40, 72], publisher: [318, 446] } as const;

export async function readIsoLabel(file: string): Promise<IsoLabel> {
  await using handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  const { buffer } = await handle.read(Buffer.alloc(2048), 0, 2048, descriptor);
  const field = (key: keyof typeof fields) => buffer.toString('latin1', ...fields[key]).trim();
  return { volume: field('volume'), publisher: field('publisher') };
}
