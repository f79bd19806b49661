// SPDX-License-Identifier: Apache-2.0

/** Name of the secret in QEMU and qemu-img, which is all that a plan says of it. */
export const diskSecret = 'disk-key';

/** The key of the encrypted images of a machine. It shows itself to nobody who only prints or stores it. */
export interface DiskKey {
  /** The passphrase of the LUKS headers: 32 random bytes in base64 */
  reveal(): string;
}

export function createDiskKey(bytes: Uint8Array): DiskKey {
  const text = Buffer.from(bytes).toString('base64');
  // A function is left out of JSON and of what console.log shows.
  return { reveal: () => text };
}
