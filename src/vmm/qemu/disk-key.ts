// SPDX-License-Identifier: Apache-2.0
//
// Encrypted disks: QEMU gets their key by a pipe and knows it as a secret; a plan only names both.
import { join } from 'node:path';
import { diskSecret } from '../../disk/disk-key.ts';
import type { Layer } from '../../disk/layers.ts';
import { object, type Json } from './arguments.ts';
import { nothing, type Part, type Site } from './part.ts';

export function planDiskKey({ definition, paths }: Site): Part {
  const { encryption, removable } = definition;
  if (encryption === undefined) return nothing;
  const pipe = join(paths.run, diskSecret);
  const waiting = removable.some(({ file, detach }) => file !== undefined && detach === 'after-install');
  return {
    arguments: object({ 'qom-type': 'secret', id: diskSecret, file: pipe }),
    diskKey: pipe,
    decisions: [
      { what: 'disks: encrypted', why: 'QEMU encrypts and decrypts them itself (LUKS in qcow2)' },
      ...(waiting
        ? [
            {
              what: 'medium: stays in its drive',
              why: 'nobody can see from outside of an encrypted disk whether a system was installed; "phyllome eject" takes the medium out',
            },
          ]
        : []),
    ],
  };
}

/** What is added to the image of a disk. QEMU opens by itself what an image rests on, but not when that is encrypted. */
export function encryptedWith([top, ...below]: readonly Layer[]): Record<string, Json> {
  if (top === undefined) return {};
  const rests = below.some(({ encrypted }) => encrypted) ? { backing: layerNode(below) } : {};
  return { ...(top.encrypted && { encrypt }), ...rests };
}

const encrypt: Json = { format: 'luks', 'key-secret': diskSecret };

function layerNode([top, ...below]: readonly Layer[]): Json {
  if (top === undefined) return null;
  return {
    driver: top.format,
    'read-only': true,
    file: { driver: 'file', filename: top.file, 'read-only': true },
    ...(top.encrypted && { encrypt }),
    ...(top.format === 'qcow2' && { backing: layerNode(below) }),
  };
}
