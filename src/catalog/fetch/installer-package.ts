// SPDX-License-Identifier: Apache-2.0
//
// The kernel and initrd of a distribution's installer, from a package of the sources that this PC is configured with. apt
// verifies it as it verifies every package; nothing on this PC is changed.
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PhyllomeError, reasonOf } from '../../contract/errors.ts';
import type { Architecture } from '../../contract/machine.ts';
import { explainNoSpace, sync, writeAtomic } from '../../host/files.ts';
import { privateAptSettings } from '../tiny/apt-private.ts';
import { debianArchitecture } from '../tiny/packages.ts';
import { runTool, ToolFailed } from '../tiny/tool.ts';

export interface InstallerPackage {
  package: string;
  architecture: Architecture;
  cacheDirectory: string;
  progress: (step: string, fraction: number | null) => void;
  signal: AbortSignal;
}

export interface InstallerFilesOf {
  kernel: string;
  initrd: string;
}

const tools = { purpose: "fetching the distribution's installer", install: 'apt install apt dpkg' };
const manifestFile = 'manifest.json';

/** Whether the lists of packages of this PC have it. No network. */
export async function hasInstallerPackage(name: string, signal?: AbortSignal): Promise<boolean> {
  try {
    return (await runTool('apt-cache', ['show', '--no-all-versions', name], { ...tools, signal })) !== '';
  } catch (error) {
    if (error instanceof ToolFailed || (error instanceof PhyllomeError && error.code === 'tool-missing'))
      return false;
    throw error;
  }
}

/**
 * @returns files in the cache, which only may be read
 * @throws PhyllomeError `installer-unavailable`, `tool-missing`, `no-space`; the reason of the signal
 */
export async function fetchInstallerPackage(wanted: InstallerPackage): Promise<InstallerFilesOf> {
  const { package: name, architecture, cacheDirectory, progress, signal } = wanted;
  await mkdir(cacheDirectory, { recursive: true, mode: 0o700 });
  const work = join(
    cacheDirectory,
    `installer-${process.pid}-${Math.random().toString(36).slice(2)}.partial`,
  );
  try {
    await mkdir(work, { mode: 0o700 });
    progress(`Looking for ${name}`, null);
    const settings = await findSettings(name, architecture, work, wanted);
    const version = await versionOf(name, settings, signal);
    const folder = join(cacheDirectory, `installer-${key(name, version)}`);
    const kept = await findKept(folder);
    if (kept !== null) return kept;
    await runTool('apt-get', [...settings, '-o', 'APT::Status-Fd=3', 'download', name], {
      ...tools,
      cwd: work,
      signal,
      onStatus: (line) => progress(`Downloading ${name}`, fractionOf(line)),
    });
    progress(`Unpacking ${name}`, null);
    const deb = (await readdir(work)).find((file) => file.endsWith('.deb'));
    if (deb === undefined) throw unavailable(name, 'apt brought nothing');
    const tree = join(work, 'tree');
    await runTool('dpkg-deb', ['-x', join(work, deb), tree], { ...tools, signal });
    return await publish(name, tree, join(work, 'ready'), folder);
  } catch (error) {
    signal.throwIfAborted();
    if (
      error instanceof ToolFailed &&
      /No space left on device|not have enough free space/.test(error.stderr)
    )
      throw new PhyllomeError('no-space', { what: name, directory: cacheDirectory }, { cause: error });
    const explained = explainNoSpace(error, name, cacheDirectory);
    throw explained instanceof PhyllomeError ? explained : unavailable(name, reasonOf(error), error);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The lists that apt has, or fresh ones for us alone: of a fresh PC, or of another processor. */
async function findSettings(
  name: string,
  architecture: Architecture,
  work: string,
  { progress, signal }: InstallerPackage,
): Promise<string[]> {
  // The package is one for all processors: its name says which one the files in it are for.
  if (await hasInstallerPackage(name, signal)) return [];
  const directory = join(work, 'apt');
  const settings = await privateAptSettings({ directory, architecture: debianArchitecture[architecture] });
  progress('Downloading the package lists', null);
  // A source that is not ours to repair may fail while the one we need works.
  const problem = await runTool('apt-get', [...settings, 'update'], { ...tools, signal }).then(
    () => null,
    (error: unknown) => error,
  );
  signal.throwIfAborted();
  if ((await versionOf(name, settings, signal).catch(() => '')) !== '') return settings;
  const codeOfTool = problem instanceof PhyllomeError ? problem : null;
  if (codeOfTool !== null) throw codeOfTool;
  throw unavailable(name, problem === null ? 'none of them has it.' : `${reasonOf(problem)}.`, problem);
}

async function versionOf(name: string, settings: readonly string[], signal: AbortSignal): Promise<string> {
  const shown = await runTool('apt-cache', [...settings, 'show', '--no-all-versions', name], {
    ...tools,
    signal,
  });
  return /^Version: *(\S+)$/m.exec(shown)?.[1] ?? '';
}

async function publish(name: string, tree: string, ready: string, folder: string): Promise<InstallerFilesOf> {
  const files = await readdir(tree, { recursive: true });
  // The text installer: it needs no graphics, and says on the serial port what it does.
  const wanted = (last: RegExp): string | undefined =>
    files
      .filter((file) => last.test(file) && !file.includes('/gtk/'))
      .toSorted((a, b) => a.length - b.length)
      .at(0);
  const kernel = wanted(/(^|\/)(linux|vmlinuz|vmlinux)$/);
  const initrd = wanted(/(^|\/)initrd\.gz$/);
  if (kernel === undefined || initrd === undefined) throw unavailable(name, 'no installer is in it.');
  await mkdir(ready, { mode: 0o700 });
  const sizes: Record<string, number> = {};
  for (const [file, from] of [
    ['kernel', kernel],
    ['initrd', initrd],
  ] as const) {
    await copyFile(join(tree, from), join(ready, file));
    await sync(join(ready, file));
    sizes[file] = (await stat(join(ready, file))).size;
  }
  await writeAtomic(join(ready, manifestFile), JSON.stringify(sizes));
  await rm(folder, { recursive: true, force: true });
  try {
    await rename(ready, folder);
  } catch (error) {
    // Somebody else was faster.
    if ((await findKept(folder)) === null) throw error;
  }
  return { kernel: join(folder, 'kernel'), initrd: join(folder, 'initrd') };
}

async function findKept(folder: string): Promise<InstallerFilesOf | null> {
  const [kernel, initrd] = [join(folder, 'kernel'), join(folder, 'initrd')];
  try {
    const sizes = JSON.parse(await readFile(join(folder, manifestFile), 'utf8')) as Record<string, number>;
    const whole =
      (await stat(kernel)).size === sizes['kernel'] && (await stat(initrd)).size === sizes['initrd'];
    return whole ? { kernel, initrd } : null;
  } catch {
    // Not there, or damaged: it is fetched again.
    return null;
  }
}

const key = (name: string, version: string): string =>
  createHash('sha256').update(`${name} ${version}`).digest('hex').slice(0, 24);

function unavailable(name: string, reason: string, cause?: unknown): PhyllomeError {
  return new PhyllomeError('installer-unavailable', { package: name, reason }, { cause });
}

function fractionOf(line: string): number | null {
  const [kind, , percent] = line.split(':');
  return kind === 'dlstatus' ? Number(percent) / 100 : null;
}
