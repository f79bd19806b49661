// SPDX-License-Identifier: Apache-2.0
//
// Assembles the tiny guest: a stock kernel and a static busybox of this PC's own distribution, and the scripts
// in guest/. Nothing comes from anywhere else.
import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import type { Architecture } from '../../contract/machine.ts';
import { readOsRelease } from '../../host/os-release.ts';
import { fetchWithApt, type Fetched, type Fetching } from './apt.ts';
import {
  findBuilt,
  fingerprint,
  initrdFile,
  kernelFile,
  microFile,
  publish,
  sweep,
  workFolder,
  type Built,
} from './cache.ts';
import { writeCpio } from './cpio.ts';
import { fetchWithDnf } from './dnf.ts';
import { initramfsEntries } from './initramfs.ts';
import { microInitramfsEntries } from './micro-initramfs.ts';
import { collectModules, diskModules, earlyModules, lateModules, microModules } from './modules.ts';
import { describeDistribution } from './packages.ts';
import { drawTitle, drawWaves } from './picture.ts';
import { buildFailed, explain } from './problem.ts';
import { unpackKernel } from './unpack.ts';

export interface BuildOptions {
  architecture: Architecture;
  /** The guest is kept in tiny-ARCHITECTURE-FINGERPRINT below it */
  cacheDirectory: string;
  onProgress?: (progress: { what: string; fraction: number | null }) => void;
  /** Ends the build with the signal's reason; nothing half-made stays */
  signal?: AbortSignal | undefined;
}

/**
 * Finds the guest in the cache, or makes it (needs the network). Absolute paths.
 * Errors: guest-build-failed, tool-missing, no-space.
 */
export async function buildTiny({
  architecture,
  cacheDirectory,
  onProgress,
  signal,
}: BuildOptions): Promise<Built> {
  signal?.throwIfAborted();
  const distribution = describeDistribution(readOsRelease());
  const name = await fingerprint(import.meta.dirname, [architecture, distribution.release]);
  const cache = resolve(cacheDirectory);
  const directory = join(cache, `tiny-${architecture}-${name}`);
  const built = await findBuilt(directory);
  if (built !== null) return built;

  let work: string | undefined;
  try {
    await mkdir(cache, { recursive: true, mode: 0o700 });
    await sweep(cache, architecture);
    work = await workFolder(directory);
    const report = (what: string, fraction: number | null): void => onProgress?.({ what, fraction });
    const fetched = await fetchPackages({ distribution, architecture, directory: work, report, signal });
    const finished = join(work, 'finished');
    await mkdir(finished);
    report('Putting the guest together', null);
    const contents = await assemble(fetched, finished, signal);
    signal?.throwIfAborted();
    const version = createHash('sha256')
      .update(JSON.stringify([name, contents]))
      .digest('hex')
      .slice(0, 16);
    const sizes = await Promise.all(
      [kernelFile, initrdFile, microFile].map(async (file) => (await stat(join(finished, file))).size),
    );
    const [kernelBytes, initrdBytes, microBytes] = sizes as [number, number, number];
    return await publish(finished, directory, { version, ...contents, kernelBytes, initrdBytes, microBytes });
  } catch (error) {
    throw signal?.aborted === true ? error : explain(error, cache);
  } finally {
    if (work !== undefined) await rm(work, { recursive: true, force: true });
  }
}

function fetchPackages(fetching: Fetching): Promise<Fetched> {
  const { family, name } = fetching.distribution;
  switch (family) {
    case 'debian':
    case 'ubuntu':
      return fetchWithApt(fetching, family);
    case 'fedora':
      return fetchWithDnf(fetching);
    case null:
      throw buildFailed(
        `${name} is not a distribution it can be made of`,
        'Debian, Ubuntu and Fedora are known so far; give your own kernel in a definition instead.',
      );
  }
}

/** Writes kernel and initial file system into `finished`; returns what they were made of. */
async function assemble(
  { tree, kernelPackages, busybox, xz: program }: Fetched,
  finished: string,
  signal: AbortSignal | undefined,
): Promise<{ kernelPackages: string[]; busybox: string; kernelRelease: string }> {
  const modulesFolder = await firstThatExists(tree, ['usr/lib/modules', 'lib/modules']);
  const [kernelRelease] = await readdir(modulesFolder);
  if (kernelRelease === undefined) throw buildFailed('the kernel package holds no modules');
  const directory = join(modulesFolder, kernelRelease);
  const xz = { program, signal };

  const image = await findKernel([join(tree, 'boot'), directory]);
  await copyFile(image, join(finished, kernelFile));
  await chmod(join(finished, kernelFile), 0o644); // Ubuntu's is for root only
  await unpackKernel(join(finished, kernelFile), xz);

  const modules = await collectModules(directory, [...earlyModules, ...diskModules, ...lateModules], xz);
  const busyboxContent = await readFile(busybox);
  const archive = writeCpio(
    await initramfsEntries({
      busybox: busyboxContent,
      modules,
      kernelRelease,
      title: drawTitle(),
      waves: drawWaves(),
    }),
  );
  await writeFile(join(finished, initrdFile), zstdCompressSync(archive));
  const forMicro = await collectModules(directory, microModules, xz);
  const microArchive = writeCpio(await microInitramfsEntries(busyboxContent, forMicro, kernelRelease));
  await writeFile(join(finished, microFile), zstdCompressSync(microArchive));

  const versionText = /BusyBox v[\w.]+ \([^)]*\)/.exec(busyboxContent.toString('latin1'))?.[0] ?? 'BusyBox';
  return {
    kernelPackages,
    busybox: `${versionText} ${createHash('sha256').update(busyboxContent).digest('hex')}`,
    kernelRelease,
  };
}

async function firstThatExists(tree: string, paths: readonly string[]): Promise<string> {
  for (const path of paths.map((path) => join(tree, path))) {
    const found = await stat(path).catch(() => null);
    if (found !== null) return path;
  }
  throw buildFailed('the kernel package holds no modules');
}

async function findKernel(directories: readonly string[]): Promise<string> {
  for (const directory of directories) {
    const name = (await readdir(directory).catch(() => [])).find((name) => /^vmlinu[xz]/.test(name));
    if (name !== undefined) return join(directory, name);
  }
  throw buildFailed('the kernel package holds no kernel');
}
