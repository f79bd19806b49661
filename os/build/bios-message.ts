// SPDX-License-Identifier: Apache-2.0
//
// What a PC with a BIOS instead of UEFI starts from the image: a few bytes that say why nothing more comes. They are in the
// boot code of the protective MBR, which UEFI never runs (UEFI 2.10, 5.2.3).
import { open } from 'node:fs/promises';

export const biosMessage =
  'Phyllome OS needs UEFI.\r\n\r\n' +
  'This PC was told to start it the old way. In its settings (often F2 or Del\r\n' +
  'just after it is switched on), choose UEFI instead of BIOS, Legacy or CSM,\r\n' +
  'then start from this disk again. A PC without that choice cannot run\r\n' +
  'Phyllome OS.\r\n';

// Behind it come the signature of the disk and the table of partitions.
const mostBytes = 440;
// Where a BIOS puts the sector that it starts.
const loadedAt = 0x7c00;

/** 16-bit code that prints the message by the BIOS and stops. */
export function bootCode(message: string): Buffer {
  // xor ax,ax; mov ds,ax; cld; mov si,TEXT
  // next: lodsb; test al,al; jz end; mov ah,0x0e; mov bx,7; int 0x10; jmp next
  // end:  hlt; jmp end
  const code = Buffer.from('31c08ed8fcbe0000ac84c07409b40ebb0700cd10ebf2f4ebfd', 'hex');
  code.writeUInt16LE(loadedAt + code.length, 6);
  const whole = Buffer.concat([code, Buffer.from(`${message}\0`, 'latin1')]);
  if (whole.length > mostBytes) throw new Error(`the message is ${whole.length - mostBytes} bytes too long`);
  return whole;
}

/** Puts it into an image that is a disk with a GPT. */
export async function writeBiosMessage(image: string): Promise<void> {
  await using disk = await open(image, 'r+');
  const signature = Buffer.alloc(2);
  await disk.read(signature, 0, 2, 510);
  if (signature.readUInt16BE() !== 0x55_aa) throw new Error(`${image} has no MBR`);
  const code = bootCode(biosMessage);
  await disk.write(code, 0, code.length, 0);
}
