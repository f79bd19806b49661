// SPDX-License-Identifier: Apache-2.0
//
// Which process the kernel ends when memory runs out all the same. A service that systemd protects from that hands its
// protection down to every machine that it starts, and then nobody would be left but the system around them.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../host/files.ts';

/** Takes the protection that machines have from us off them again; raising the score of one's own needs no right. */
export function beFoundFirst(pids: readonly number[], root = '/'): void {
  const file = (pid: number | 'self'): string => join(root, `proc/${pid}/oom_score_adj`);
  if (score(file('self')) >= 0) return;
  for (const pid of pids) {
    try {
      if (score(file(pid)) < 0) writeFileSync(file(pid), '0');
    } catch (error) {
      // It ended meanwhile.
      if (!['ENOENT', 'ESRCH'].includes(errorCode(error) ?? '')) throw error;
    }
  }
}

function score(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(errorCode(error) ?? '')) return 0;
    throw error;
  }
}
