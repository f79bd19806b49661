// SPDX-License-Identifier: Apache-2.0
//
// Which process the kernel ends when memory runs out all the same. A service that systemd protects from that hands its
// protection down to every machine that it starts, and then nobody would be left but the system around them.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../host/files.ts';

/**
 * Takes the protection that machines have from us off them again; raising the score of one's own needs no right. A helper that
 * has closed itself off from us, as passt does, keeps it: it is small, and the kernel still finds the VMM beside it.
 */
export function beFoundFirst(pids: readonly number[], root = '/'): void {
  const file = (pid: number | 'self'): string => join(root, `proc/${pid}/oom_score_adj`);
  if (score(file('self')) >= 0) return;
  for (const pid of pids) {
    try {
      if (score(file(pid)) < 0) writeFileSync(file(pid), '0');
    } catch (error) {
      // It ended meanwhile, or is closed off.
      if (!['ENOENT', 'ESRCH', 'EACCES'].includes(errorCode(error) ?? '')) throw error;
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
