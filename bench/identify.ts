// SPDX-License-Identifier: Apache-2.0
//
// How many media are recognised. Give it a folder of texts that "isoinfo -d" wrote, sorted into folders by the short id of their
// system, as osinfo-db's sources have them (tests/isodata; not part of this project):
//   npx node bench/identify.ts FOLDER [--misses]
// Each becomes the first 36 KiB of an ISO image, which is then recognised as any file is, with osinfo-db of this PC below our
// own rules, and without it.
import { readdir, readFile, lstat, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { detectMedium, type Detected } from '../src/catalog/detect/detect.ts';
import { createOsinfo, type Osinfo } from '../src/catalog/osinfo/osinfo.ts';
import { readMedium } from '../src/disk/medium/read-medium.ts';
import { makeIso } from '../src/disk/medium/testing.ts';
import { opinionOf } from '../src/engine/identify/identify-file.ts';

const [folder, misses] = process.argv.slice(2);
if (folder === undefined) throw new Error('Which folder?');

const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.txt'));
const headers: { file: string; wanted: string[]; header: Buffer }[] = [];
for (const name of names.toSorted()) {
  const file = join(folder, name);
  // Links are there for media that cannot be told apart: both systems are right for those.
  if (!(await lstat(file)).isFile()) continue;
  const wanted = [basename(dirname(file))];
  for (const other of names)
    if (basename(other) === basename(name) && dirname(other) !== dirname(name))
      wanted.push(basename(dirname(other)));
  headers.push({ file, wanted, header: headerOf(await readFile(file, 'latin1')) });
}

function headerOf(text: string): Buffer {
  const said = (key: string): string => (new RegExp(`^${key}: ?(.*)$`, 'm').exec(text)?.[1] ?? '').trimEnd();
  const blocks = Number(said('Volume size is')) || 0;
  return makeIso({
    volume: said('Volume id'),
    volumeSet: said('Volume set id'),
    system: said('System id'),
    publisher: said('Publisher id'),
    preparer: said('Data preparer id'),
    application: said('Application id'),
    bytes: blocks * 2048,
    ...(/El Torito/.test(text) && { boot: [0] }),
  }).subarray(0, 18 * 2048);
}

async function recognise(header: Buffer, osinfo: Osinfo): Promise<Detected | null> {
  const facts = await readMedium(async (offset, length) => header.subarray(offset, offset + length));
  if (facts === null) return null;
  return detectMedium(facts, await opinionOf(osinfo, facts));
}

const cacheDirectory = await mkdtemp(join(tmpdir(), 'bench-identify-'));
try {
  for (const [title, options] of [
    ['our own rules alone', { folders: [] }],
    ['with osinfo-db of this PC', {}],
  ] as const) {
    const osinfo = createOsinfo({ cacheDirectory, ...options });
    const loading = performance.now();
    await osinfo.load();
    const begun = performance.now();
    let right = 0;
    let unknown = 0;
    for (const { file, wanted, header } of headers) {
      const found = await recognise(header, osinfo);
      if (wanted.includes(found?.id ?? '')) right += 1;
      else if (misses !== undefined)
        console.log(`  ${wanted.join(' or ')}: ${found?.id} (${basename(file)})`);
      if (found === null || found.id === 'generic') unknown += 1;
    }
    const each = (performance.now() - begun) / headers.length;
    const share = ((100 * right) / headers.length).toFixed(1);
    console.log(
      `${title}: ${right} of ${headers.length} (${share} %), ${unknown} unknown, ${each.toFixed(2)} ms each, ` +
        `osinfo-db loaded in ${Math.round(begun - loading)} ms`,
    );
  }
} finally {
  await rm(cacheDirectory, { recursive: true });
}
