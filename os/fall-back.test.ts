// SPDX-License-Identifier: Apache-2.0
//
// What a start that failed does next, with the firmware's variables as files and a systemctl that only says what it was asked.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const script = join(import.meta.dirname, 'mkosi.fall-back/usr/lib/phyllome-os/fall-back');
const loader = '4a67b082-0a4c-41cf-b6c7-440b29bb8c4f';
const own = /PhyllomeFailed-[0-9a-f-]{36}/.exec(readFileSync(script, 'utf8'))?.[0] ?? '';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ph-fall-'));
  for (const folder of ['usr/bin', 'proc', 'sys/firmware/efi/efivars'])
    mkdirSync(join(root, folder), { recursive: true });
  // A restart ends everything, so whatever would come afterwards is cut off.
  const systemctl = join(root, 'usr/bin/systemctl');
  writeFileSync(systemctl, `#!/bin/sh\necho "$@" >> ${root}/asked\nkill $PPID\n`);
  chmodSync(systemctl, 0o755);
  writeFileSync(join(root, 'proc/cmdline'), 'root=x quiet\n');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const variable = (name: string): string => join(root, 'sys/firmware/efi/efivars', name);
const utf16 = (texts: readonly string[], attributes = 6): Buffer =>
  Buffer.concat([
    Buffer.from([attributes, 0, 0, 0]),
    ...texts.map((text) => Buffer.from(`${text}\0`, 'utf16le')),
  ]);
const set = (name: string, ...texts: string[]): void =>
  writeFileSync(variable(`${name}-${loader}`), utf16(texts));

function fallBack(...flags: string[]): { asked: string; said: string } {
  let said: string;
  try {
    said = execFileSync(script, [...flags, root], { encoding: 'utf8' });
  } catch (error) {
    const { signal, stdout } = error as { signal: string; stdout: string };
    expect(signal).toBe('SIGTERM');
    said = stdout;
  }
  const log = join(root, 'asked');
  return { asked: existsSync(log) ? readFileSync(log, 'utf8').trim() : '', said };
}

describe('a new version, while its starts are counted', () => {
  test.each(['+2-1', '+1-2', '+0-3'])('%s: it is tried again, or the one before comes', (count) => {
    set('LoaderBootCountPath', `\\EFI\\Linux\\phyllome_2${count}.efi`);
    expect(fallBack().asked).toBe('--force reboot');
  });

  test('no version is left: the PC stays, and says so', () => {
    set('LoaderBootCountPath', '\\EFI\\Linux\\phyllome_2+0-4.efi');
    expect(fallBack()).toEqual({ asked: '', said: expect.stringContaining('Nothing is left to start') });
  });

  test('a system that is up goes down in order', () => {
    set('LoaderBootCountPath', '\\EFI\\Linux\\phyllome_2+2-1.efi');
    expect(fallBack('--in-order').asked).toBe('reboot');
  });
});

describe('a version that was healthy before', () => {
  const entries = ['phyllome_2.efi', 'phyllome_2.efi@1', 'phyllome_1.efi', 'auto-reboot-to-firmware-setup'];

  test('the other one is started, once, and what failed is written down', () => {
    set('LoaderEntrySelected', 'phyllome_2.efi');
    set('LoaderEntries', ...entries);
    expect(fallBack().asked).toBe('--force reboot');
    expect(readFileSync(variable(`LoaderEntryOneShot-${loader}`))).toEqual(utf16(['phyllome_1.efi'], 7));
    expect(readFileSync(variable(own))).toEqual(utf16(['phyllome_2.efi'], 7));
  });

  test('the other one failed as well: no circle', () => {
    set('LoaderEntrySelected', 'phyllome_1.efi');
    set('LoaderEntries', ...entries);
    writeFileSync(variable(own), utf16(['phyllome_2.efi'], 7));
    expect(fallBack()).toEqual({ asked: '', said: expect.stringContaining('Both versions') });
  });

  test.each([
    ['there is no other one', ['phyllome_2.efi', 'phyllome_2.efi@1', 'auto-poweroff']],
    ['the other one was given up', ['phyllome_2.efi', 'phyllome_1+0-3.efi']],
  ])('%s: the PC stays', (_, list) => {
    set('LoaderEntrySelected', 'phyllome_2.efi');
    set('LoaderEntries', ...list);
    expect(fallBack().asked).toBe('');
    expect(existsSync(variable(own))).toBe(false);
  });
});

test('a medium is left as it is', () => {
  set('LoaderBootCountPath', '\\EFI\\Linux\\phyllome_2+2-1.efi');
  writeFileSync(join(root, 'proc/cmdline'), 'root=tmpfs phyllome.live\n');
  expect(fallBack().asked).toBe('');
});

test('a firmware that tells nothing', () => {
  expect(fallBack()).toEqual({ asked: '', said: expect.stringContaining('Nothing is left') });
});
