// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commands } from '../commands.ts';
import { completionScript, shells } from './script.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'phs-'));
  // Stands in for phyllome: knows some machines.
  const program = join(folder, 'phyllome');
  await writeFile(
    program,
    `#!/bin/sh
case "$*" in
'names machine') printf '%s\\n' tiny 'my machine' "it's" ;;
'names machine-or-catalog') printf '%s\\n' tiny other ;;
'names catalog') echo tiny ;;
'names image') echo a.iso ;;
'names bin') echo gone ;;
esac
`,
  );
  await chmod(program, 0o755);
  await writeFile(join(folder, 'phyllome.bash'), completionScript('bash', commands));
});
afterAll(() => rm(folder, { recursive: true }));

/** What bash offers for a line, whose last word is completed. */
function offered(...words: string[]): string[] {
  const script = `source "$0/phyllome.bash"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _phyllome; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const lines = execFileSync('bash', ['-c', script, folder, join(folder, 'phyllome'), ...words], {
    encoding: 'utf8',
  });
  return lines.split('\n').filter((line) => line !== '');
}

describe('bash completes', () => {
  test.each([
    [['sta'], ['start']],
    [['--json', 'sho'], ['show']],
    [
      ['show', ''],
      ['tiny', String.raw`my\ machine`, String.raw`it\'s`],
    ],
    [['show', 'my'], [String.raw`my\ machine`]],
    [['show', String.raw`my\ m`], [String.raw`my\ machine`]],
    [['show', '"my'], ['my machine']],
    [['show', 'tiny', ''], []],
    [['rename', 'tiny', ''], []],
    [
      ['run', ''],
      ['tiny', 'other'],
    ],
    [['run', '--name', 'it'], [String.raw`it\'s`]],
    [['create', 'x', '--from', ''], ['tiny']],
    [['restore', ''], ['gone']],
    [['images', '--delete', ''], ['a.iso']],
    [['stop', '--timeout', '5', 'ti'], ['tiny']],
    [['stop', '--fo'], ['--force']],
    [['logs', 'tiny', '--source', 'v'], ['vmm']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [
      ['set', 'tiny', 'v'],
      ['vmm=auto', 'vmm=qemu', 'vmm=cloud-hypervisor', 'vmm=crosvm', 'vmm=firecracker'],
    ],
    [
      ['set', 'tiny', 'vmm', '='],
      ['auto', 'qemu', 'cloud-hypervisor', 'crosvm', 'firecracker'],
    ],
    [['set', 'tiny', 'memory', '=', '1GiB', 'vmm', '=', 'cl'], ['cloud-hypervisor']],
    [['set', 'tiny', 'memory', '=', ''], []],
    [['vmms', 'f'], ['firecracker']],
    [['nonsense', ''], []],
    [['snapsh'], ['snapshot']],
    [
      ['snapshot', ''],
      ['take', 'list', 'revert', 'edit', 'delete'],
    ],
    [['snapshot', 'list', 'ti'], ['tiny']],
    [
      ['snapshot', 'take', 'tiny', '--no'],
      ['--note', '--no-memory'],
    ],
    [['bin', 'em'], ['empty']],
  ])('%j', (words, wanted) => expect(offered(...words)).toEqual(wanted));

  test('every command', () => {
    const shown = commands.filter((command) => command.hidden !== true);
    const words = new Set(shown.map(({ name }) => name.split(' ')[0]));
    expect(offered('')).toEqual([...words, '--help', '--version']);
  });
});

describe('every script', () => {
  test.each(shells)('%s names all commands and options, and no hidden ones', (shell) => {
    const script = completionScript(shell, commands);
    const shown = commands.filter((command) => command.hidden !== true);
    for (const { name, options } of shown) {
      for (const word of name.split(' ')) expect(script).toContain(word);
      for (const option of Object.keys(options ?? {}))
        expect(script).toContain(shell === 'fish' ? `-l ${option}` : `--${option}`);
    }
    expect(script).not.toMatch(/^ +names\) |subcommand -a names /m);
  });
});
