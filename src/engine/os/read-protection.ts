// SPDX-License-Identifier: Apache-2.0
import { statfs, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OsStatus } from '../../contract/os.ts';
import { openTree, type Tree } from '../../host/tree.ts';

const secureBootVariable = 'sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c';

/** @param root "/" outside of tests */
export async function readProtection(root: string): Promise<OsStatus['protection']> {
  const tree = openTree(root);
  const mounts = await readMounts(root);
  // Four bytes of attributes come first.
  const secureBoot = tree.bytes(secureBootVariable)?.[4];
  return {
    secureBoot: secureBoot === undefined ? null : secureBoot === 1,
    tpm2: tree
      .list('sys/class/tpm')
      .some((name) => tree.text(`sys/class/tpm/${name}/tpm_version_major`) === '2'),
    verity: mappersBelow(tree, mounts.get('/usr')?.device ?? '').some((id) => id.startsWith('CRYPT-VERITY-')),
  };
}

/** The file system that holds `folder`; null when nothing is known of it. */
export async function readStorage(root: string, folder: string): Promise<OsStatus['storage']> {
  const mounts = await readMounts(root);
  const point = [...mounts.keys()]
    .filter((one) => one === '/' || folder === one || folder.startsWith(`${one}/`))
    .toSorted((a, b) => b.length - a.length)[0];
  const mount = mounts.get(point ?? '');
  if (mount === undefined) return null;
  const { blocks, bavail, bsize } = await statfs(join(root, folder));
  const isLuks = mappersBelow(openTree(root), mount.device).some((id) => id.startsWith('CRYPT-LUKS'));
  return {
    fileSystem: mount.type,
    encryption: isLuks ? 'luks' : 'none',
    bytes: blocks * bsize,
    freeBytes: bavail * bsize,
  };
}

interface Mount {
  /** major:minor */
  device: string;
  type: string;
}

// proc_pid_mountinfo(5): id, parent, device, root, point, options, any number of others, "-", type, source. The last one wins.
async function readMounts(root: string): Promise<Map<string, Mount>> {
  const text = await readFile(join(root, 'proc/self/mountinfo'), 'utf8');
  const mounts = text.split('\n').flatMap((line): [string, Mount][] => {
    const words = line.split(' ');
    const [device, point, type] = [words[2], words[4], words[words.indexOf('-') + 1]];
    return device === undefined || point === undefined || type === undefined
      ? []
      : [[point, { device, type }]];
  });
  return new Map(mounts);
}

/** What device-mapper devices a device is made of: their ids tell what they are for. */
function mappersBelow(tree: Tree, device: string): string[] {
  const folder = `sys/dev/block/${device}`;
  if (device === '' || !tree.exists(folder)) return [];
  const own = tree.text(`${folder}/dm/uuid`);
  const below = tree.list(`${folder}/slaves`).flatMap((name) => {
    const number = tree.text(`sys/class/block/${name}/dev`);
    return number === null ? [] : mappersBelow(tree, number);
  });
  return own === null ? below : [own, ...below];
}
