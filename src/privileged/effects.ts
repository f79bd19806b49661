// SPDX-License-Identifier: Apache-2.0
//
// Everything by which the privileged part changes a PC. Tests let each of these be the last one before a power cut.
import { existsSync } from 'node:fs';
import { chmod, chown, lstat, mkdir, open, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sync } from '../host/files.ts';
import { besideOf } from './file-state.ts';
import { runTool, type ToolEnd } from './run-tool.ts';

interface Owner {
  mode: number;
  uid: number;
  gid: number;
}

/** Paths are those of the PC, below the root folder that the effects were made for. */
export interface Effects {
  makeFolder(path: string): Promise<void>;
  /** Only when it is there and empty. @returns whether it is gone */
  removeFolder(path: string): Promise<boolean>;
  /** Writes the new content beside the file, durably. It is in effect with `putInPlace` */
  writeBeside(path: string, content: Uint8Array, owner: Owner): Promise<void>;
  putInPlace(path: string): Promise<void>;
  remove(path: string): Promise<void>;
  setOwner(path: string, owner: Owner): Promise<void>;
  /** Adds a line to a file, durably */
  append(path: string, line: string): Promise<void>;
  /** Runs a program to its end; `argv[0]` is an absolute path */
  run(argv: readonly string[]): Promise<ToolEnd>;
}

const restorecon = '/usr/sbin/restorecon';

/**
 * @param root folder in which /etc is found; "/" outside of tests
 * @param lockFd the lock of the journal, which programs we run hold as well: as long as one lives, nobody undoes beside it
 */
export function realEffects(root: string, lockFd: number): Effects {
  const at = (path: string): string => join(root, path);
  return {
    async makeFolder(path) {
      await mkdir(at(path), { mode: 0o755 });
      await sync(dirname(at(path)));
    },
    async removeFolder(path) {
      try {
        await rmdir(at(path));
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'ENOENT') return true;
        if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
        throw error;
      }
      await sync(dirname(at(path)));
      return true;
    },
    async writeBeside(path, content, { mode, uid, gid }) {
      const file = at(besideOf(path));
      await rm(file, { force: true });
      await using handle = await open(file, 'wx', 0o600);
      await handle.writeFile(content);
      await handle.chown(uid, gid);
      await handle.chmod(mode);
      await handle.sync();
    },
    async putInPlace(path) {
      await rename(at(besideOf(path)), at(path));
      await sync(dirname(at(path)));
      // A new file has the label of its folder; /etc/gshadow, say, has one of its own. Best effort: labels are not ours.
      if (existsSync(at('/sys/fs/selinux/enforce')) && existsSync(at(restorecon)))
        await runTool(root, [restorecon, path], lockFd);
    },
    async remove(path) {
      await rm(at(path), { force: true });
      await sync(dirname(at(path)));
    },
    async setOwner(path, { mode, uid, gid }) {
      // chmod and chown of Node follow links.
      if ((await lstat(at(path))).isSymbolicLink()) throw new Error(`${path} has become a symbolic link`);
      await chown(at(path), uid, gid);
      await chmod(at(path), mode);
    },
    async append(path, line) {
      await using handle = await open(at(path), 'a', 0o644);
      await handle.writeFile(line);
      await handle.sync();
    },
    run: (argv) => runTool(root, argv, lockFd),
  };
}
