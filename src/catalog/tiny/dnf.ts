// SPDX-License-Identifier: Apache-2.0
//
// Gets the guest's packages on Fedora and its relatives. Written from the manuals of dnf, rpm2cpio and cpio; no
// machine of ours runs Fedora, so it has never been run.
import { spawn } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PhyllomeError } from '../../contract/errors.ts';
import { hostArchitecture } from '../../host/architecture.ts';
import type { Fetched, Fetching } from './apt.ts';
import { busyboxPaths, findStaticBusybox } from './busybox.ts';
import { fedoraPackages } from './packages.ts';
import { buildFailed } from './problem.ts';
import { runTool, ToolFailed } from './tool.ts';

const tools = { purpose: 'assembling the tiny guest', install: 'dnf install dnf-plugins-core cpio' };

/** Downloads and unpacks the newest stock kernel and a static busybox. */
export async function fetchWithDnf({ architecture, directory, report, signal }: Fetching): Promise<Fetched> {
  const rpms = join(directory, 'rpms');
  const tree = join(directory, 'tree');
  await mkdir(rpms);
  await mkdir(tree);
  report(`Downloading ${fedoraPackages.join(', ')}`, null);
  // --forcearch lets a PC of another architecture choose these packages; it is harmless on the same one.
  const args = [
    'download',
    '--forcearch',
    architecture,
    '--arch',
    architecture,
    '--arch',
    'noarch',
    '--destdir',
    rpms,
  ];
  try {
    await runTool('dnf', ['--assumeyes', ...args, ...fedoraPackages], { ...tools, signal });
  } catch (error) {
    if (!(error instanceof ToolFailed) || architecture === hostArchitecture()) throw error;
    // Which architectures a release has on its servers is only known by asking for their lists.
    throw buildFailed(
      `dnf found no ${fedoraPackages.join(', ')} for ${architecture} (${error.message})`,
      'Fedora itself has x86_64 and aarch64; give a kernel of your own in a definition (boot.type: kernel) for others.',
      error,
    );
  }

  report('Unpacking the kernel', null);
  const files = (await readdir(rpms)).filter((file) => file.endsWith('.rpm'));
  for (const file of files) await unpack(join(rpms, file), tree, signal);
  const unpacked = ['usr/bin/busybox', 'usr/sbin/busybox', 'sbin/busybox'].map((path) => join(tree, path));
  const busybox = await findStaticBusybox([...unpacked, ...busyboxPaths], architecture);
  if (busybox === null) throw buildFailed('the package busybox holds no static busybox');
  return { tree, kernelPackages: files.filter((file) => file.startsWith('kernel-')), busybox, xz: 'xz' };
}

/** rpm2cpio FILE | cpio, as two processes and a pipe. */
function unpack(rpm: string, tree: string, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const unpacker = 'rpm2cpio';
    const archiver = 'cpio';
    const reader = spawn(unpacker, [rpm], { signal, stdio: ['ignore', 'pipe', 'ignore'] });
    const cpioArgs = ['--extract', '--make-directories', '--no-absolute-filenames', '--quiet'];
    const writer = spawn(archiver, cpioArgs, { cwd: tree, signal, stdio: ['pipe', 'ignore', 'pipe'] });
    let stderr = '';
    let running = 2;
    let problem: Error | undefined;
    writer.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    // cpio that ends early makes the pipe break; its exit code tells why.
    writer.stdin.on('error', () => undefined);
    reader.stdout.pipe(writer.stdin);
    for (const [tool, child] of [
      [unpacker, reader],
      [archiver, writer],
    ] as const) {
      child.on('error', (error: NodeJS.ErrnoException) => {
        problem ??= error.code === 'ENOENT' ? new PhyllomeError('tool-missing', { tool, ...tools }) : error;
        // The other one would wait for ever.
        (child === reader ? writer : reader).kill();
        if (child.pid === undefined) ended();
      });
      child.on('close', (code) => {
        if (code !== 0)
          problem ??= new Error(`${tool} ended with code ${String(code)}: ${stderr.slice(-400)}`);
        ended();
      });
    }
    function ended(): void {
      running -= 1;
      if (running > 0) return;
      if (signal?.aborted === true) reject(signal.reason as Error);
      else if (problem !== undefined) reject(problem);
      else resolve();
    }
  });
}
