// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import { promisify } from 'node:util';
import { findBinary } from '../host/binaries.ts';

/**
 * Makes what a plan calls a pipe: `base`.in, a named pipe that a VMM reads, and `base`.out, where it may write
 * what nobody needs. Node cannot make named pipes; coreutils can.
 */
export async function makePipe(base: string): Promise<void> {
  await promisify(execFile)(findBinary('mkfifo') ?? '/usr/bin/mkfifo', ['--mode=600', `${base}.in`]);
  await symlink('/dev/null', `${base}.out`);
}
