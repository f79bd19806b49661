// SPDX-License-Identifier: Apache-2.0

/** Formats of disk images that begin with a mark of their own. QEMU would recognise each of them by it. */
const marks: readonly { format: string; offset: number; bytes: Buffer }[] = [
  { format: 'qcow2', offset: 0, bytes: Buffer.from('QFI\xfb', 'latin1') },
  { format: 'vmdk', offset: 0, bytes: Buffer.from('KDMV') },
  { format: 'vmdk', offset: 0, bytes: Buffer.from('COWD') },
  { format: 'vmdk', offset: 0, bytes: Buffer.from('# Disk DescriptorFile') },
  { format: 'vhdx', offset: 0, bytes: Buffer.from('vhdxfile') },
  { format: 'vhd', offset: 0, bytes: Buffer.from('conectix') },
  { format: 'qed', offset: 0, bytes: Buffer.from('QED\0') },
  { format: 'vdi', offset: 0x40, bytes: Buffer.from([0x7f, 0x10, 0xda, 0xbe]) },
];

/** The format that the beginning of a file shows; anything without a mark is raw. */
export function formatOf(beginning: Buffer): string {
  const found = marks.find(({ offset, bytes }) =>
    beginning.subarray(offset, offset + bytes.length).equals(bytes),
  );
  return found?.format ?? 'raw';
}
