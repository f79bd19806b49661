// SPDX-License-Identifier: Apache-2.0
//
// crosvm tells the format of an image by its first bytes and cannot be told it. A guest can write any bytes to the
// beginning of its raw disk: at the next start, crosvm would then believe that the disk rests on a file of this PC, and
// give the guest that file to read. So no start with a raw disk that looks like anything else.
import { open } from 'node:fs/promises';
import type { MachineDefinition } from '../../contract/machine.ts';
import { locate } from '../../disk/locate.ts';
import type { MachinePaths, Reason } from '../driver.ts';

// What disk/src/disk.rs looks for: formats that some builds have are refused for all of them.
const composite = Buffer.from('composite_disk\x1d', 'latin1');
const qcow2 = Buffer.from('QFI\xfb', 'latin1');
const androidSparse = 0xed26ff3a;
const zstdFrame = 0xfd2fb528;
const zstdSkippable = { first: 0x184d2a50, last: 0x184d2a5f };

/** What crosvm takes a file for by its beginning; null: for raw data. */
export function crosvmFormat(beginning: Buffer): string | null {
  if (beginning.subarray(0, composite.length).equals(composite)) return 'composite';
  if (beginning.length < 4) return null;
  if (beginning.subarray(0, 4).equals(qcow2)) return 'qcow2';
  const mark = beginning.readUInt32LE(0);
  if (mark === androidSparse) return 'android-sparse';
  if (mark === zstdFrame || (mark >= zstdSkippable.first && mark <= zstdSkippable.last)) return 'zstd';
  return null;
}

/** Refusals that take a look into the machine's disks. Files that are not there are found by the engine. */
export async function examine(
  { disks, removable }: MachineDefinition,
  { machine }: Pick<MachinePaths, 'machine'>,
): Promise<Reason[]> {
  const raw = [
    ...disks.filter(({ format }) => format === 'raw').map(({ file }) => file),
    ...removable.map(({ file }) => file).filter((file) => file !== undefined),
  ];
  const looks = await Promise.all(
    raw.map(async (name) => ({ name, found: await look(locate(machine, name)) })),
  );
  return looks.flatMap(({ name, found }) =>
    found === null
      ? []
      : [
          {
            code: 'disk-disguised',
            text: `The raw disk ${name} begins like an image of the format ${found}, and crosvm would take it for one.`,
            hint: `Run it with QEMU, which believes the definition. If it is a ${found} image, set the format of the disk to that.`,
          },
        ],
  );
}

async function look(file: string): Promise<string | null> {
  try {
    await using handle = await open(file, 'r');
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(32), 0, 32, 0);
    return crosvmFormat(buffer.subarray(0, bytesRead));
  } catch {
    // Missing or closed to us: the check before each start says so better, and crosvm cannot open it either.
    return null;
  }
}
