// SPDX-License-Identifier: Apache-2.0
//
// Images whose content QEMU encrypts (LUKS inside of qcow2). qemu-img wants the secret said for each image of a chain, which
// only its JSON names of images can do.
import { layersOf, type Layer } from './layers.ts';
import { diskSecret } from './disk-key.ts';

/**
 * Options for making one. The key is random, so the many rounds that make guessing a word slow would only make opening
 * slow; QEMU's least are taken (ms).
 */
export const luksOptions = `encrypt.format=luks,encrypt.key-secret=${diskSecret},encrypt.iter-time=10`;

/** Whether what a guest writes into this image is encrypted. False for everything that is no qcow2 image. */
export async function isEncrypted(file: string): Promise<boolean> {
  const [layer] = await layersOf(file, 'qcow2');
  return layer?.encrypted === true;
}

/**
 * How an image is named on the command line of qemu-img: ['-f', FORMAT, FILE], or one word in JSON when an image of its chain
 * is encrypted. qemu-img then needs the key, too.
 */
export async function imageWords(format: string, file: string): Promise<string[]> {
  const layers = await layersOf(file, format);
  if (!layers.some(({ encrypted }) => encrypted)) return ['-f', format, file];
  return [`json:${JSON.stringify(imageNode(layers))}`];
}

/** Only the name: for commands that say formats in another way. */
export async function imageName(format: string, file: string): Promise<string> {
  return (await imageWords(format, file)).at(-1) as string;
}

type Node = Record<string, unknown>;

/** A chain as QEMU opens it, the top one first. */
function imageNode([top, ...below]: readonly Layer[]): Node | null {
  if (top === undefined) return null;
  return {
    driver: top.format,
    file: { driver: 'file', filename: top.file },
    ...(top.format === 'qcow2' && { backing: imageNode(below) }),
    ...(top.encrypted && { encrypt: { format: 'luks', 'key-secret': diskSecret } }),
  };
}
