// SPDX-License-Identifier: Apache-2.0
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { beFoundFirst } from './out-of-memory.ts';

function processes(scores: Readonly<Record<string, string>>): { root: string; read(pid: string): string } {
  const root = mkdtempSync(join(tmpdir(), 'ph-oom-'));
  for (const [pid, score] of Object.entries(scores)) {
    mkdirSync(join(root, 'proc', pid), { recursive: true });
    writeFileSync(join(root, 'proc', pid, 'oom_score_adj'), `${score}\n`);
  }
  return { root, read: (pid) => readFileSync(join(root, 'proc', pid, 'oom_score_adj'), 'utf8').trim() };
}

test('the protection of the service is not that of its machines', () => {
  const { root, read } = processes({ self: '-500', 7: '-500', 8: '300' });
  beFoundFirst([7, 8, 9], root);
  expect([read('7'), read('8'), read('self')]).toEqual(['0', '300', '-500']);
});

test('a service without protection leaves its machines alone', () => {
  const { root, read } = processes({ self: '0', 7: '-10' });
  beFoundFirst([7], root);
  expect(read('7')).toBe('-10');
});

test('a helper that closed itself off keeps the protection, and the VMM after it loses it', () => {
  const { root, read } = processes({ self: '-500', 7: '-500', 8: '-500' });
  chmodSync(root, 0o755);
  chmodSync(join(root, 'proc/7/oom_score_adj'), 0o444);
  chmodSync(join(root, 'proc/8/oom_score_adj'), 0o666);
  // Nothing is closed to root.
  const { geteuid, seteuid } = process;
  const user = geteuid?.();
  if (user === 0) seteuid?.(65_534);
  try {
    beFoundFirst([7, 8], root);
  } finally {
    if (user === 0) seteuid?.(user);
  }
  expect([read('7'), read('8')]).toEqual(['-500', '0']);
});
