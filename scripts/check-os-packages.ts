// SPDX-License-Identifier: Apache-2.0
//
// Asks Debian's package lists about os/packages.yaml: does every name exist in the image's release, can each edition be
// installed, and what does it weigh? Needs apt and the network, so it is run by hand after a change:
//
//   node scripts/check-os-packages.ts [MIRROR]
//
// MIRROR is where this PC has its own Debian packages from, unless it is given.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { editions } from '../src/contract/os.ts';
import { namesOf, packagesFor, readPackages } from '../os/build/packages.ts';
import { privateAptSettings } from '../src/catalog/tiny/apt-private.ts';

const release = 'trixie';
const install = ['--print-uris', '-y', '-qq', '--no-install-recommends', 'install'];
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

async function run(tool: string, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(tool, [...args], { maxBuffer: 2 ** 28 });
  return stdout;
}

function sum(matches: Iterable<RegExpMatchArray>, group: number): number {
  return [...matches].reduce((total, match) => total + Number(match[group]), 0);
}

/** The server of this PC's own Debian packages. */
async function ownMirror(): Promise<string> {
  const uris = await run('apt-get', ['--print-uris', 'update']);
  const mirror = /^'(\S+)\/dists\/[a-z]+\/InRelease' /m.exec(uris)?.[1];
  if (mirror === undefined) throw new Error('this PC has no Debian packages; name a mirror');
  return mirror;
}

const packages = await readPackages();
const directory = await mkdtemp(join(tmpdir(), 'phyllome-packages-'));
try {
  const mirror = process.argv[2] ?? (await ownMirror());
  const apt = await privateAptSettings({
    directory,
    architecture: 'amd64',
    sources: ['', '-updates'].map(
      (suite) => `deb [signed-by=${keyring}] ${mirror} ${release}${suite} main non-free-firmware`,
    ),
  });
  await run('apt-get', [...apt, 'update']);

  const names = [...packages.values()].flatMap((capability) => namesOf(capability, 'debian'));
  const known = new Set((await run('apt-cache', [...apt, 'pkgnames'])).split('\n'));
  const unknown = names.filter((name) => !known.has(name));
  if (unknown.length > 0) throw new Error(`not in ${release}: ${unknown.join(', ')}`);
  console.log(`${names.length} names, all in ${release}\n`);

  console.log('edition   hardware  packages  download MB  installed MB');
  for (const edition of editions) {
    for (const hardware of [false, true]) {
      const wanted = packagesFor(packages, 'debian', edition, { hardware });
      // Its simulation ("-s") takes minutes for a desktop; the list of what it would download takes a second.
      const uris = await run('apt-get', [...apt, ...install, ...wanted]);
      const files = [...uris.matchAll(/^'\S+' ([^_\s]+)_\S+ (\d+) /gm)];
      const all = files.map((match) => match[1] as string);
      const facts = await run('apt-cache', [...apt, 'show', '--no-all-versions', ...all]);
      const installed = sum(facts.matchAll(/^Installed-Size: (\d+)$/gm), 1);
      const cells = [
        edition.padEnd(9),
        (hardware ? 'yes' : 'no').padEnd(9),
        String(files.length).padStart(8),
        (sum(files, 2) / 1e6).toFixed(0).padStart(12),
        // Installed-Size is in KiB.
        ((installed * 1024) / 1e6).toFixed(0).padStart(13),
      ];
      console.log(cells.join(' '));
    }
  }
} finally {
  await rm(directory, { recursive: true });
}
