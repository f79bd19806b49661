// SPDX-License-Identifier: Apache-2.0
import { open } from 'node:fs/promises';
import { percentIn } from './convert.ts';
import { qcow2Options } from './create.ts';
import type { DiskKey } from './disk-key.ts';
import { imageName, imageWords, luksOptions } from './encrypted-image.ts';
import { runQemuImg } from './qemu-img.ts';

export interface EncryptedCopy {
  source: { file: string; format: 'qcow2' | 'raw' };
  /** Absolute path of the new qcow2 image; must not exist */
  target: string;
  /** Opens what of the two is encrypted */
  key: DiskKey;
  encrypt: boolean;
  signal: AbortSignal;
  onProgress: (fraction: number) => void;
}

/**
 * Copies a disk with all that it rests on into one image that is encrypted, or into one that is not any more.
 * @throws PhyllomeError `no-space`, `tool-missing`, `file-unreadable`; the reason of the signal
 */
export async function copyEncrypted(copy: EncryptedCopy): Promise<void> {
  const { source, target, key, encrypt, signal, onProgress } = copy;
  // Made first and by us, so that nobody else can read it at any moment.
  await (await open(target, 'wx', 0o600)).close();
  const options = encrypt ? `${qcow2Options},${luksOptions}` : qcow2Options;
  const words = [
    'convert',
    '-p',
    '-O',
    'qcow2',
    '-o',
    options,
    ...(await imageWords(source.format, source.file)),
  ];
  await runQemuImg([...words, target], 'copy of the disk', target, {
    signal,
    key,
    onOutput: percentIn(onProgress),
  });
}

/**
 * Compares what a guest sees in the two.
 * @throws as `copyEncrypted`
 */
export async function sameAsCopy(copy: Omit<EncryptedCopy, 'encrypt'>): Promise<boolean> {
  const { source, target, key, signal, onProgress } = copy;
  let different = false;
  const percent = percentIn(onProgress);
  const onOutput = (text: string): void => {
    different ||= /mismatch/.test(text);
    percent(text);
  };
  const one = await imageName(source.format, source.file);
  const other = await imageName('qcow2', target);
  // A name in JSON says the format itself, and may not be joined by one.
  const formats = [
    ...(one === source.file ? ['-f', source.format] : []),
    ...(other === target ? ['-F', 'qcow2'] : []),
  ];
  try {
    const words = ['compare', '-p', ...formats, one, other];
    await runQemuImg(words, 'copy of the disk', target, { signal, key, onOutput });
    return true;
  } catch (error) {
    if (different) return false;
    throw error;
  }
}
