// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { writeCpio, type Entry } from './cpio.ts';

const entries: Entry[] = [
  { type: 'directory', path: 'bin', mode: 0o755 },
  { type: 'file', path: 'bin/sh', mode: 0o755, content: Buffer.from('12345') },
  { type: 'file', path: 'empty', mode: 0o644, content: Buffer.alloc(0) },
  { type: 'link', path: 'init', mode: 0o777, target: '/bin/sh' },
  { type: 'character-device', path: 'dev/console', mode: 0o600, major: 5, minor: 1 },
];

/** Reads newc by the kernel's description of it, field by field. */
function readCpio(archive: Buffer): { path: string; mode: number; content: string; device: string }[] {
  const found = [];
  for (let at = 0; ;) {
    expect(at % 4).toBe(0);
    expect(archive.toString('latin1', at, at + 6)).toBe('070701');
    const field = (index: number): number =>
      Number.parseInt(archive.toString('latin1', at + 6 + index * 8, at + 14 + index * 8), 16);
    const [mode, length, nameLength] = [field(1), field(6), field(11)];
    const device = `${field(9)}:${field(10)}`;
    const path = archive.toString('utf8', at + 110, at + 110 + nameLength - 1);
    const start = Math.ceil((at + 110 + nameLength) / 4) * 4;
    at = Math.ceil((start + length) / 4) * 4;
    if (path === 'TRAILER!!!') {
      expect(at).toBe(archive.length);
      return found;
    }
    const content = archive.toString('utf8', start, start + length);
    found.push({ path, mode, content, device });
  }
}

describe('writeCpio', () => {
  test('writes what the kernel reads', () => {
    expect(readCpio(writeCpio(entries))).toEqual([
      { path: 'bin', mode: 0o040755, content: '', device: '0:0' },
      { path: 'bin/sh', mode: 0o100755, content: '12345', device: '0:0' },
      { path: 'empty', mode: 0o100644, content: '', device: '0:0' },
      { path: 'init', mode: 0o120777, content: '/bin/sh', device: '0:0' },
      { path: 'dev/console', mode: 0o020600, content: '', device: '5:1' },
    ]);
  });

  test('gives equal output for equal input', () => {
    expect(writeCpio(entries).equals(writeCpio(entries))).toBe(true);
  });

  const cpio = [
    ['cpio', '-t', '--quiet'],
    ['busybox', 'cpio', '-t'],
  ].find(([program = '', ...args]) => spawnSync(program, [...args], { input: writeCpio([]) }).status === 0);
  test.skipIf(cpio === undefined)('is understood by the cpio of this PC', () => {
    const [program = '', ...args] = cpio ?? [];
    const { stdout } = spawnSync(program, args, { input: writeCpio(entries), encoding: 'utf8' });
    expect(stdout.trim().split('\n')).toEqual(entries.map(({ path }) => path));
  });
});
