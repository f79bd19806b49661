// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, cp, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { PhyllomeError, reasonOf } from '../../contract/errors.ts';
import type { OsDisk } from '../../contract/os-install.ts';
import { readOffer } from './disks/offer.ts';
import { installBootLoader } from './install/boot-loader.ts';
import { installDefinitions } from './install/definitions.ts';
import { enrolRecoveryKey, makeDiskKey, type DiskKey } from './install/disk-keys.ts';
import { stageEsp } from './install/esp-tree.ts';
import { finishRoot } from './install/finish-root.ts';
import { InstallRequest, type Installed } from './install/request.ts';
import { requireTarget, requireUnused } from './install/require-target.ts';
import { put, stageRoot } from './install/root-tree.ts';
import { wipe, writeDisk } from './install/write-disk.ts';
import { osTool } from './os-tool.ts';
import type { Verb, VerbContext } from './verb.ts';

/** Where all that is only needed now lies: memory, which only root reads. */
const workFolder = 'run/phyllome-install';
// What is written besides the slot: the kernel and the bare file systems (bytes).
const besides = 200 * 2 ** 20;

/**
 * Installs the system that runs onto a disk, and erases what is on that. Until the disk is written, nothing has changed; from
 * then on it starts nothing, until all is done.
 */
export const install: Verb<InstallRequest> = {
  request: InstallRequest,
  exclusive: true,
  async run(request, context): Promise<Installed> {
    const { root, signal, progress } = context;
    progress({ step: 'Looking at the disk', fraction: 0 });
    const offer = await readOffer(root, signal);
    const disk = requireTarget(offer, request);
    await requireUnused(root, disk);
    await using work = await openWork(root);
    const version = offer.version ?? '0';
    progress({ step: 'Preparing', fraction: 0.02 });
    await stageRoot(root, join(work.path, 'root'), request, signal);
    await stageEsp(root, join(work.path, 'esp'), work.path, version, signal);
    const { encryption = { kind: 'none', tpm: false } } = request;
    const key = encryption.kind === 'disk' ? await makeDiskKey(work.path, encryption) : null;
    await stageDefinitions(root, work.path, {
      version,
      encrypt: key === null ? 'off' : encryption.tpm ? 'key-file+tpm2' : 'key-file',
    });
    // Somebody may have plugged something in meanwhile.
    requireTarget(await readOffer(root, signal), request);
    await requireUnused(root, disk);
    return await erasing(disk, context, () => write(disk, request, key, work.path, context));
  },
};

async function write(
  disk: OsDisk,
  request: InstallRequest,
  key: DiskKey | null,
  work: string,
  context: VerbContext,
): Promise<Installed> {
  const { root, signal, progress } = context;
  const made = await writeDisk(
    disk,
    {
      definitions: join(work, 'repart.d'),
      keyFile: key?.file ?? '',
      expectedBytes: (await usrBytes(root)) + besides,
    },
    context,
  );
  const partition = (type: RegExp): string => {
    const [, node] = [...made].find(([name]) => type.test(name)) ?? [];
    if (node === undefined) throw new Error(`systemd-repart made no partition like ${type.source}`);
    return node;
  };
  progress({ step: 'Setting up the keys', fraction: 0.95 });
  const rootPartition = partition(/^root/);
  const folderKey = await finishRoot(rootPartition, request, key, work, context);
  // The last that the key of the installation opens.
  const recoveryKey = key === null ? null : await enrolRecoveryKey(root, rootPartition, key, signal);
  progress({ step: 'Making it start', fraction: 0.98 });
  await osTool(root, ['/usr/bin/sync'], { signal });
  await installBootLoader(root, partition(/^esp$/), work, signal);
  await osTool(root, ['/usr/bin/sync'], { signal });
  return { recoveryKey: recoveryKey ?? folderKey };
}

/** From here on the disk holds nothing anybody should start. @throws PhyllomeError `os-install-failed` */
async function erasing<Result>(
  disk: OsDisk,
  { root, signal }: VerbContext,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (thrown) {
    if (!signal.aborted && thrown instanceof PhyllomeError && thrown.code === 'os-install-failed')
      throw thrown;
    const reason = signal.aborted ? 'it was stopped' : reasonOf(thrown).replace(/\.$/, '');
    let step = 'writing';
    try {
      await wipe(root, disk);
    } catch (error) {
      step = `writing, and it could not be wiped: ${reasonOf(error)}`;
    }
    throw new PhyllomeError('os-install-failed', { disk: disk.name, step, reason }, { cause: thrown });
  }
}

async function openWork(root: string) {
  const folder = join(root, workFolder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = await mkdtemp(join(folder, 'work-'));
  return {
    path,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

async function stageDefinitions(
  root: string,
  work: string,
  { version, encrypt }: { version: string; encrypt: 'off' | 'key-file' | 'key-file+tpm2' },
): Promise<void> {
  const folder = join(work, 'repart.d');
  await cp(join(root, 'usr/lib/repart.d'), folder, { recursive: true });
  for (const [name, text] of Object.entries(installDefinitions({ version, encrypt })))
    await put(join(folder, name), text, 0o644);
}

/** How large the file system of the slot is. */
async function usrBytes(root: string): Promise<number> {
  const { blocks, bsize } = await statfs(join(root, 'usr'));
  return blocks * bsize;
}
