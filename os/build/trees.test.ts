// SPDX-License-Identifier: Apache-2.0
//
// What goes into the image as it is: rules that a start of the image would only tell after minutes, if at all.
import { execFile } from 'node:child_process';
import { glob, lstat, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const os = join(import.meta.dirname, '..');

interface TreeFile {
  /** Below os/ */
  file: string;
  /** In the image */
  path: string;
  text: string;
  executable: boolean;
}

const files: TreeFile[] = [];
const links: { file: string; path: string }[] = [];
const trees = ['mkosi.{extra,fall-back}/**', 'mkosi.{profiles,conf.d,images}/**/mkosi.extra/**'];
for await (const file of glob(trees, { cwd: os })) {
  const path = file.replace(/^.*mkosi\.(?:extra|fall-back)\//, '/');
  const stat = await lstat(join(os, file));
  if (stat.isSymbolicLink()) links.push({ file, path });
  if (!stat.isFile()) continue;
  files.push({
    file,
    path,
    text: await readFile(join(os, file), 'utf8'),
    executable: (stat.mode & 0o111) !== 0,
  });
}
const isScript = (text: string): boolean => /^#!\/bin\/(?:ba)?sh\n/.test(text);
const scripts = files.filter(({ text }) => isScript(text));
const units = files.filter(({ path }) => /\/systemd\/(system|user)\/[^/]+$/.test(path));

test('the trees were found', () => {
  expect(files.length).toBeGreaterThan(25);
  expect(scripts.length).toBeGreaterThan(3);
  expect(units.length).toBeGreaterThan(5);
});

test('everything is below /usr: /etc and /var begin empty on the PC, and an update replaces only /usr', () => {
  // What the boot partition of an image begins with is beside it.
  const places = /^\/(?:usr|efi)\//;
  expect([...files, ...links].filter(({ path }) => !places.test(path)).map(({ file }) => file)).toEqual([]);
});

test('every file says under which licence it is', () => {
  const without = files.filter(
    ({ text }) => !text.split('\n').slice(0, 3).join('\n').includes('SPDX-License'),
  );
  expect(without.map(({ file }) => file)).toEqual([]);
});

test('programs may be run, other files may not', () => {
  const programs =
    /^\/usr\/(bin|libexec|lib\/phyllome-os|lib\/systemd\/system-(generators|shutdown|sleep))\//;
  const wrong = files.filter(({ text, executable }) => executable !== isScript(text));
  expect(wrong.map(({ file }) => file)).toEqual([]);
  expect(scripts.filter(({ path }) => !programs.test(path)).map(({ file }) => file)).toEqual([]);
});

test('scripts stop at the first mistake, and shellcheck has nothing to say', async () => {
  const goesOn = scripts.filter(({ text }) => !/^set -eu$/m.test(text)).map(({ file }) => file);
  // What gets a PC up again goes on whatever fails.
  expect(goesOn).toEqual(['mkosi.fall-back/usr/lib/phyllome-os/fall-back']);
  const { stdout } = await promisify(execFile)(
    'shellcheck',
    // Files that only the image has are not followed.
    ['--exclude=SC1091', ...scripts.map(({ file }) => file)],
    { cwd: os },
  );
  expect(stdout).toBe('');
});

test('both slots become equally large, so that a version that fits into one fits into the other', () => {
  const most = (name: string) =>
    files
      .find(({ path }) => path === `/usr/lib/repart.d/${name}.conf`)
      ?.text.match(/^SizeMaxBytes=.*$/m)?.[0] ?? name;
  expect(most('21-usr')).toBe(most('31-usr-other'));
  expect(most('20-usr-verity')).toBe(most('30-usr-verity-other'));
});

test('a unit that can be enabled has a preset, since presets are all that enables anything', () => {
  const presets = files.filter(({ path }) => path.endsWith('.preset')).map(({ text }) => text);
  const named = new Set(
    presets.flatMap((text) => [...text.matchAll(/^(?:enable|disable) (\S+)/gm)].map((match) => match[1])),
  );
  const open = units.filter(({ path, text }) => /^\[Install\]$/m.test(text) && !named.has(basename(path)));
  expect(open.map(({ file }) => file)).toEqual([]);
});

test('what units run of ours is there', () => {
  const ours = new Set(files.map(({ path }) => path));
  const missing = files
    .filter(({ path }) => /\/systemd\/(system|user)\//.test(path))
    .flatMap(({ file, text }) =>
      [...text.matchAll(/^Exec\w+=[-@:+!]*(\/usr\/(?:lib\/phyllome-os|libexec)\/\S+)/gm)]
        .filter((match) => !ours.has(match[1] as string))
        .map((match) => `${file}: ${match[1]}`),
    );
  expect(missing).toEqual([]);
});
