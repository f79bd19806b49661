// SPDX-License-Identifier: Apache-2.0
//
// Gets the guest's packages on Debian and Ubuntu, as any user and without changing anything of the machine.
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Architecture } from '../../contract/machine.ts';
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
}

const tools = { purpose: 'assembling the tiny guest', install: 'apt-get install apt dpkg' };

/** Downloads and unpacks the newest stock kernel and, unless this PC has one, a static busybox. */
export async function fetchWithApt(fetching: Fetching, family: 'debian' | 'ubuntu'): Promise<Fetched> {
  const { architecture, directory, report, signal } = fetching;
  const installed = await findStaticBusybox(busyboxPaths, architecture);
  const debs = join(directory, 'debs');
  const tree = join(directory, 'tree');
  await mkdir(debs);
  await download(fetching, family, debs, installed === null);

  report('Unpacking the kernel', null);
  const files = (await readdir(debs)).filter((file) => file.endsWith('.deb'));
  for (const file of files) {
    await runTool('dpkg-deb', ['-x', join(debs, file), tree], { ...tools, signal });
  }
  const unpacked = ['bin/busybox', 'usr/bin/busybox'].map((path) => join(tree, path));
  const busybox = installed ?? (await findStaticBusybox(unpacked, architecture));
  if (busybox === null) throw buildFailed('the package busybox-static holds no static busybox');
  return { tree, kernelPackages: files.filter((file) => file.startsWith('linux-')), busybox };
}

async function download(
  fetching: Fetching,
  family: 'debian' | 'ubuntu',
  debs: string,
  withBusybox: boolean,
): Promise<void> {
  const { architecture, directory, distribution, report, signal } = fetching;
  const meta = kernelMetaPackage(family, architecture);

  const attempt = async (settings: readonly string[]): Promise<boolean> => {
    report('Looking for the newest kernel', null);
    const names = await newestKernel(meta, settings, signal);
    if (names.length === 0) return false;
    if (withBusybox) names.push('busybox-static');
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
  const ownArchitecture = (await runTool('dpkg', ['--print-architecture'], { ...tools, signal })).trim();
  if (debianArchitecture[architecture] === ownArchitecture) {
    const done = await attempt([]).catch((error: unknown) => {
      if (error instanceof ToolFailed) return false;
      throw error;
    });
    if (done) return;
  }
  const settings = await privateSettings(fetching, family, ownArchitecture, join(directory, 'apt'));
  report('Downloading the package lists', null);
  const updateError = await runTool('apt-get', [...settings, '-o', 'APT::Update::Error-Mode=any', 'update'], { ...tools, signal }).then(
    () => null,
    (error: unknown) => {
      // A source that is not ours to repair may fail while the one we need works: go on and see.
      if (error instanceof ToolFailed) return error;
      throw error;
    },
  );
  if (await attempt(settings)) return;
  if (updateError !== null) throw updateError;
  throw buildFailed(
    `the package sources of ${distribution.name} have no ${meta} for ${debianArchitecture[architecture]}`,
    'Choose another architecture (Debian has riscv64 since version 13).',
  );
}

/** Names of the packages of the newest kernel; empty if this apt does not know the meta package. */
async function newestKernel(
  meta: string,
  settings: readonly string[],
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const onlyDepends = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances'].map((kind) => `--no-${kind}`);
  const args = [...settings, 'depends', '--recurse', ...onlyDepends, meta];
  try {
    return kernelPackages(await runTool('apt-cache', args, { ...tools, signal }));
  } catch (error) {
    if (error instanceof ToolFailed) return [];
    throw error;
  }
}

/**
 * Settings that give apt a state, a cache and an architecture of its own below `directory`, with the sources of
 * this PC. Paths are passed as options, because apt's configuration files cannot quote every path.
 */
async function privateSettings(
  { architecture, distribution }: Fetching,
  family: 'debian' | 'ubuntu',
  ownArchitecture: string,
  directory: string,
): Promise<string[]> {
  const wanted = debianArchitecture[architecture];
  const file = (name: string): string => join(directory, name);
  await mkdir(file('lists/partial'), { recursive: true });
  await mkdir(file('archives/partial'), { recursive: true });
  await writeFile(file('status'), '');
  await writeFile(
    file('apt.conf'),
    [
      '#clear APT::Architectures;',
      `APT::Architecture "${wanted}";`,
      `APT::Architectures { "${wanted}"; };`,
      // What the machine does after its own updates is not for ours.
      '#clear APT::Update;',
      // Only the lists of packages: no translations, no data of software centres.
      'Acquire::Languages "none";',
      ...['DEP-11', 'DEP-11-icons-small', 'DEP-11-icons', 'DEP-11-icons-hidpi', 'CNF', 'Contents-deb'].map(
        (target) => `Acquire::IndexTargets::deb::${target}::DefaultEnabled "false";`,
      ),
      // apt run by root gives up its rights to a user who cannot enter our folder.
      'APT::Sandbox::User "root";',
      '',
    ].join('\n'),
  );
  const options = [
    `Dir::State=${directory}`,
    `Dir::State::lists=${file('lists')}`,
    `Dir::State::status=${file('status')}`,
    `Dir::Cache=${directory}`,
  ];
  // Ubuntu keeps the two families of architectures on different servers.
  if (family === 'ubuntu' && wanted !== ownArchitecture) {
    const uri = wanted === 'amd64' ? 'http://archive.ubuntu.com/ubuntu' : 'http://ports.ubuntu.com/ubuntu-ports';
    const signedBy = '/usr/share/keyrings/ubuntu-archive-keyring.gpg';
    const suites = ['', '-updates', '-security'].map((suffix) => distribution.codename + suffix);
    await writeFile(
      file('sources.list'),
      suites.map((suite) => `deb [signed-by=${signedBy}] ${uri} ${suite} main universe\n`).join(''),
    );
    options.push(`Dir::Etc::sourcelist=${file('sources.list')}`, 'Dir::Etc::sourceparts=-');
  }
  return ['-c', file('apt.conf'), ...options.flatMap((option) => ['-o', option])];
}

// "dlstatus:2:51.6843:Retrieving file 2 of 2": the third field is percent.
function downloadFraction(line: string): number | null {
  const [kind, , percent] = line.split(':');
  return kind === 'dlstatus' ? Number(percent) / 100 : null;
}
