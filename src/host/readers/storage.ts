// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import type { StorageReport } from '../../contract/host.ts';
import type { Tree } from '../tree.ts';
import { disksBelow, type Disk } from './block-devices.ts';
import { mountOf, readMounts, type Mount } from './mounts.ts';

export interface Folder {
  purpose: StorageReport['purpose'];
  /** Absolute; need not exist yet */
  path: string;
}

/** What only the living system can tell about a folder. */
export interface FolderProbes {
  /** Sizes of the file system in bytes; null when they cannot be had */
  space(folder: string): Promise<{ totalBytes: number; freeBytes: number } | null>;
  /** Tries to share blocks of a file there; null when that could not be tried. Only called for `machines` */
  reflink(folder: string): Promise<boolean | null>;
}

/** Where our folders are: on what disk and file system, and how much there is room for. */
export function readStorage(
  tree: Tree,
  folders: readonly Folder[],
  probes: FolderProbes,
  notes: string[],
): Promise<StorageReport[]> {
  const mounts = readMounts(tree);
  if (mounts.length === 0 && folders.length > 0)
    notes.push('The file systems could not be read: /proc/self/mountinfo is empty or missing.');
  return Promise.all(
    folders.map(async ({ purpose, path }) => {
      const existing = existingPart(tree, path);
      const mount = mountOf(mounts, existing);
      const { disks, encrypted } = mount === null ? nothing : disksBelow(tree, mount);
      const space = await probes.space(join(tree.root, existing));
      return {
        purpose,
        path,
        mountPoint: mount?.point ?? null,
        device: disks.length === 1 ? (disks[0]?.name ?? null) : null,
        model: disks.length === 1 ? (disks[0]?.model ?? null) : null,
        kind: mount === null ? null : kindOf(mount, disks),
        filesystem: mount?.filesystem ?? null,
        encrypted: mount === null ? null : encrypted,
        reflink: await reflinkOf(mount, purpose, () => probes.reflink(join(tree.root, existing))),
        readOnly: mount?.options.includes('ro') ?? null,
        totalBytes: space?.totalBytes ?? null,
        freeBytes: space?.freeBytes ?? null,
      };
    }),
  );
}

const nothing = { disks: [], encrypted: false };

/** The folder, or the nearest one above it that exists: it will be made there. Links are followed. */
function existingPart(tree: Tree, path: string): string {
  for (let part = path; part.length > 1; part = part.slice(0, Math.max(1, part.lastIndexOf('/')))) {
    const found = tree.resolve(part);
    if (found !== null) return `/${found}`;
  }
  return '/';
}

const networkFilesystems =
  /^(?:nfs4?|cifs|smb3|ceph|glusterfs|fuse\.(?:sshfs|glusterfs|rclone|s3fs)|afs|ocfs2|gfs2)$/;
// Shared by a VMM with the virtual machine that this PC is.
const sharedFilesystems = /^(?:9p|virtiofs|vboxsf|fuse\.vmhgfs-fuse)$/;

function kindOf({ filesystem }: Mount, disks: readonly Disk[]): StorageReport['kind'] {
  if (filesystem === 'tmpfs' || filesystem === 'ramfs') return 'memory';
  if (networkFilesystems.test(filesystem)) return 'network';
  if (sharedFilesystems.test(filesystem)) return 'virtual';
  const kinds = new Set(disks.map((disk) => disk.kind));
  // The slowest decides.
  for (const kind of ['network', 'hdd', 'mmc', 'virtual', null, 'ssd', 'nvme', 'memory'] as const) {
    if (kinds.has(kind)) return kind;
  }
  return null;
}

const withReflinks = new Set(['btrfs', 'bcachefs', 'ocfs2']);
const withoutReflinks = /^(?:ext[234]|vfat|msdos|exfat|ntfs3?|fuseblk|tmpfs|ramfs|f2fs|jfs|reiserfs|9p)$/;

// Other kinds have them or not, depending on how they were made (xfs), on their version (zfs) or on what is below
// them (overlay, network file systems): there only a try tells.
async function reflinkOf(
  mount: Mount | null,
  purpose: StorageReport['purpose'],
  tryIt: () => Promise<boolean | null>,
): Promise<boolean | null> {
  if (mount !== null && withReflinks.has(mount.filesystem)) return true;
  if (mount !== null && withoutReflinks.test(mount.filesystem)) return false;
  return purpose === 'machines' ? tryIt() : null;
}
