// SPDX-License-Identifier: Apache-2.0
import type { Tree } from '../tree.ts';

export interface Mount {
  /** "259:2"; the number of a device without a disk begins with 0 */
  number: string;
  /** What of the file system is mounted: "/", or a subvolume or folder of it */
  within: string;
  point: string;
  options: readonly string[];
  filesystem: string;
  source: string;
}

/** Everything that is mounted, in the order of mounting (proc_pid_mountinfo(5)). */
export function readMounts(tree: Tree): Mount[] {
  return (tree.text('proc/self/mountinfo', 4 * 1024 * 1024) ?? '').split('\n').flatMap((line) => {
    // Between the sixth field and the dash stand any number of optional ones.
    const [before = '', behind = ''] = line.split(' - ', 2);
    const [, , number, within, point, options = ''] = before.split(' ');
    const [filesystem, source] = behind.split(' ');
    if (number === undefined || within === undefined || point === undefined) return [];
    if (filesystem === undefined || source === undefined) return [];
    return [
      {
        number,
        within: unescape(within),
        point: unescape(point),
        options: options.split(','),
        filesystem,
        source: unescape(source),
      },
    ];
  });
}

/** The file system that an absolute path lies on: the longest mount point above it, the last one mounted there. */
export function mountOf(mounts: readonly Mount[], path: string): Mount | null {
  let best: Mount | null = null;
  for (const mount of mounts) {
    const above = mount.point === '/' || path === mount.point || path.startsWith(`${mount.point}/`);
    if (above && (best === null || mount.point.length >= best.point.length)) best = mount;
  }
  return best;
}

// Space, tab, line feed and backslash are written as octal.
function unescape(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
