// SPDX-License-Identifier: Apache-2.0
//
// Gets the guest's packages on Debian and Ubuntu, as any user and without changing anything of the machine.
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Architecture } from '../../contract/machine.ts';
import { findBinary } from '../../host/binaries.ts';
import { privateAptSettings } from './apt-private.ts';
import { stableSources, ubuntuSources } from './apt-sources.ts';
import { busyboxPaths, findStaticBusybox } from './busybox.ts';
import { debianArchitecture, kernelMetaPackage, kernelPackages, type Distribution } from './packages.ts';
import { buildFailed } from './problem.ts';
import { runTool, ToolFailed } from './tool.ts';

export interface Fetching {
  distribution: Distribution;
  architecture: Architecture;
  /** Empty folder to work in; whoever calls removes it */
  directory: string;
  report: (what: string, fraction: number | null) => void;
  signal: AbortSignal | undefined;
}

export interface Fetched {
  /** Folder with the packages' files: boot/, lib/modules/ or usr/lib/modules/ */
  tree: string;
  /** File names of the kernel's packages, which hold their versions */
  kernelPackages: string[];
  busybox: string;
  /** The xz program of this PC, or one unpacked for us */
  xz: string;
}

const tools = { purpose: 'assembling the tiny guest', install: 'apt-get install apt dpkg' };

/** Downloads and unpacks the newest stock kernel and, unless this PC has one, a static busybox. */
export async function fetchWithApt(fetching: Fetching, family: 'debian' | 'ubuntu'): Promise<Fetched> {
  const { architecture, directory, report, signal } = fetching;
  const ownArchitecture = (await runTool('dpkg', ['--print-architecture'], { ...tools, signal })).trim();
  const isOwn = debianArchitecture[architecture] === ownArchitecture;
  const installed = await findStaticBusybox(busyboxPaths, architecture);
  const xz = findBinary('xz');
  const more = [
    ...(installed === null ? ['busybox-static'] : []),
    ...(xz === null && isOwn ? ['xz-utils'] : []),
  ];
  const debs = join(directory, 'debs');
  const tree = join(directory, 'tree');
  await mkdir(debs);
  await download(fetching, { family, ownArchitecture, debs, more });

  report('Unpacking the kernel', null);
  const files = (await readdir(debs)).filter((file) => file.endsWith('.deb'));
  for (const file of files) {
    await runTool('dpkg-deb', ['-x', join(debs, file), tree], { ...tools, signal });
  }
  const unpacked = ['bin/busybox', 'usr/bin/busybox'].map((path) => join(tree, path));
  const busybox = installed ?? (await findStaticBusybox(unpacked, architecture));
  if (busybox === null) throw buildFailed('the package busybox-static holds no static busybox');
  const kernelPackages = files.filter((file) => file.startsWith('linux-'));
  return { tree, kernelPackages, busybox, xz: xz ?? (isOwn ? join(tree, 'usr/bin/xz') : 'xz') };
}

interface Wanted {
  family: 'debian' | 'ubuntu';
  ownArchitecture: string;
  /** Folder the packages go to */
  debs: string;
  /** Packages to get besides the kernel's */
  more: readonly string[];
}

async function download(fetching: Fetching, { family, ownArchitecture, debs, more }: Wanted): Promise<void> {
  const { architecture, directory, distribution, report, signal } = fetching;
  const meta = kernelMetaPackage(family, architecture);

  const attempt = async (settings: readonly string[]): Promise<boolean> => {
    report('Looking for the newest kernel', null);
    const kernel = await newestKernel(meta, settings, signal);
    if (kernel.length === 0) return false;
    const names = [...kernel, ...more];
    const what = `Downloading ${names.join(', ')}`;
    report(what, 0);
    await runTool('apt-get', [...settings, '-o', 'APT::Status-Fd=3', 'download', ...names], {
      ...tools,
      cwd: debs,
      signal,
      onStatus: (line) => report(what, downloadFraction(line)),
    });
    return true;
  };

  // The lists apt has are of this PC's own architecture. They may be missing (a fresh machine) or name a version
  // that the archive has dropped: then fresh ones are fetched, for us alone.
  if (debianArchitecture[architecture] === ownArchitecture) {
    const done = await attempt([]).catch((error: unknown) => {
      if (error instanceof ToolFailed) return false;
      throw error;
    });
    if (done) return;
  }
  const foreign = debianArchitecture[architecture] !== ownArchitecture;
  const withLists = async (folder: string, sources?: readonly string[]): Promise<boolean> => {
    const settings = await privateAptSettings({
      directory: join(directory, folder),
      architecture: debianArchitecture[architecture],
      sources,
    });
    report('Downloading the package lists', null);
    const problem = await updateLists(settings, signal);
    // A source that is not ours to repair may fail while the one we need works: look first.
    if (await attempt(settings)) return true;
    if (problem !== null) throw problem;
    return false;
  };
  const { codename } = distribution;
  const ubuntu = family === 'ubuntu' && foreign;
  const done = await withLists(
    'apt',
    ubuntu ? ubuntuSources(debianArchitecture[architecture], codename) : undefined,
  );
  if (done) return;
  if (family === 'debian' && foreign) {
    const printed = await runTool('apt-get', ['--print-uris', 'update'], { ...tools, signal });
    const sources = stableSources(printed, codename);
    if (sources.length > 0 && (await withLists('apt-stable', sources))) return;
  }
  throw buildFailed(
    `the package sources of ${distribution.name} have no ${meta} for ${debianArchitecture[architecture]}`,
    'Choose another architecture, or give a kernel of your own in a definition (boot.type: kernel).',
  );
}

/** Returns what went wrong, which need not matter: it can be the source of somebody else. */
async function updateLists(
  settings: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ToolFailed | null> {
  try {
    const args = [...settings, '-o', 'APT::Update::Error-Mode=any', 'update'];
    await runTool('apt-get', args, { ...tools, signal });
    return null;
  } catch (error) {
    if (error instanceof ToolFailed) return error;
    throw error;
  }
}

/** Names of the packages of the newest kernel; empty if this apt does not know the meta package. */
async function newestKernel(
  meta: string,
  settings: readonly string[],
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const onlyDepends = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances'].map(
    (kind) => `--no-${kind}`,
  );
  const args = [...settings, 'depends', '--recurse', ...onlyDepends, meta];
  try {
    return kernelPackages(await runTool('apt-cache', args, { ...tools, signal }));
  } catch (error) {
    if (error instanceof ToolFailed) return [];
    throw error;
  }
}

// "dlstatus:2:51.6843:Retrieving file 2 of 2": the third field is percent.
function downloadFraction(line: string): number | null {
  const [kind, , percent] = line.split(':');
  return kind === 'dlstatus' ? Number(percent) / 100 : null;
}
