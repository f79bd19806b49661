// SPDX-License-Identifier: Apache-2.0
//
// Which package sources a guest comes from when those of this PC do not have its architecture.

// Debian and Ubuntu keep their keys here, also where /etc/apt/trusted.gpg.d is empty.
const keyring = (family: 'debian' | 'ubuntu'): string => `/usr/share/keyrings/${family}-archive-keyring.gpg`;

/** Ubuntu keeps the two families of architectures on different servers. */
export function ubuntuSources(architecture: string, codename: string): string[] {
  const uri =
    architecture === 'amd64' ? 'http://archive.ubuntu.com/ubuntu' : 'http://ports.ubuntu.com/ubuntu-ports';
  return ['', '-updates', '-security'].map(
    (suffix) => `deb [signed-by=${keyring('ubuntu')}] ${uri} ${codename + suffix} main universe`,
  );
}

// 'http://mirror/debian/dists/bookworm-updates/InRelease' mirror_debian_dists_... 0
const releaseLine = /^'(\S+?)\/dists\/([^/']+)\/InRelease' /;

/**
 * The same servers with Debian's newest stable release: an architecture that is new in Debian (riscv64 came with
 * Debian 13) has its kernel there, and a PC with the release before needs no other server for it.
 *
 * @param printedUris what `apt-get --print-uris update` says: the one form in which apt tells its sources whatever
 * they are written in, and before it has any lists
 * @param codename of this PC's release; what belongs to no release ("stable" by itself, other people's archives) is
 * left out, so the result may be empty
 */
export function stableSources(printedUris: string, codename: string): string[] {
  if (codename === '') return [];
  const suites = new Map(['', '-updates', '-security'].map((end) => [codename + end, `stable${end}`]));
  const lines = printedUris.split('\n').flatMap((line) => {
    const [, uri = '', suite = ''] = releaseLine.exec(line) ?? [];
    const stable = suites.get(suite);
    return stable === undefined ? [] : [`deb [signed-by=${keyring('debian')}] ${uri} ${stable} main`];
  });
  return [...new Set(lines)];
}
