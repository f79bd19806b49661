// SPDX-License-Identifier: Apache-2.0
//
// The memory of a machine with everything that has a state of its own goes to a file and into another QEMU.
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { makePipe } from '../../src/engine/named-pipe.ts';
import { reap, startHelper, startProcess } from '../../src/engine/supervisor.ts';
import { createQemuDriver } from '../../src/vmm/qemu/index.ts';
import { launch } from './qemu-launch.ts';

const options = { signal: AbortSignal.timeout(120_000), onProgress: () => {} };

test('UEFI, a TPM, disks, a network card, a screen and a clipboard', async () => {
  await using one = await launch({
    boot: { type: 'uefi', secureBoot: false },
    tpm: 'emulated',
    memory: '256MiB',
    clipboard: true,
    display: { type: 'vnc' },
    disks: [
      { file: 'disks/a.qcow2', format: 'qcow2', size: '64MiB' },
      { file: 'disks/b.raw', format: 'raw', size: '1MiB', bus: 'scsi' },
      { file: 'disks/c.raw', format: 'raw', size: '1MiB', bus: 'sata' },
    ],
    nics: [{ type: 'user' }],
    sound: 'hda',
  });
  const { session, paths, definition, report } = one;
  const file = join(paths.machine, 'memory');
  await writeFile(file, '', { mode: 0o600 });
  // The firmware is somewhere in the middle of its work.
  await session.resume();
  await delay(2000);
  await session.pause();

  // As in a snapshot: it is written, and the guest goes on.
  await session.memory.save(file, options);
  expect(await session.memory.isSaved()).toBe(true);
  expect(await session.state()).toBe('paused');
  await session.resume();
  expect(await session.state()).toBe('running');
  expect(await session.memory.isSaved()).toBe(false);

  // Somebody thinks better of it.
  await session.pause();
  const abort = new AbortController();
  const given = session.memory.save(file, { signal: abort.signal, onProgress: () => abort.abort() });
  await expect(given).rejects.toMatchObject({ name: 'AbortError' });
  expect(await session.state()).toBe('paused');
  await session.resume();
  expect(await session.state()).toBe('running');

  await session.pause();
  const saved = await session.memory.save(file, options);
  expect(saved.machineType).toMatch(/^pc-q35-\d+\.\d+$/);
  expect((await stat(file)).size).toBeGreaterThan(2 ** 20);
  await session.quit();
  await reap(one.plan);

  const driver = createQemuDriver({ cacheDirectory: paths.logs, runtimeDirectory: join(paths.run, '..') });
  const plan = driver.plan(definition, report, paths, { ...saved, file });
  await mkdir(plan.runDirectory, { recursive: true, mode: 0o700 });
  for (const pipe of plan.pipes) await makePipe(pipe);
  for (const helper of plan.helpers) await startHelper(plan, helper);
  await startProcess(plan, plan.process);
  const again = await driver.attach(plan, () => {}, AbortSignal.timeout(30_000));
  await again.memory.load({ ...saved, file }, options);
  expect(await again.state()).toBe('paused');
  await again.resume();
  expect(await again.state()).toBe('running');
  // With the clipboard back, it can be saved once more.
  await again.pause();
  expect((await again.memory.save(file, options)).without).toEqual(saved.without);
  await again.quit();
});

test('a device that QEMU cannot save is named, and the guest goes on', async () => {
  await using one = await launch({
    memory: '64MiB',
    disks: [{ file: 'disks/a.raw', format: 'raw', size: '1MiB', bus: 'nvme' }],
  });
  const { session, paths } = one;
  const file = join(paths.machine, 'memory');
  await writeFile(file, '', { mode: 0o600 });
  await session.resume();
  await session.pause();
  await expect(session.memory.save(file, options)).rejects.toMatchObject({
    code: 'vmm-refused',
    message: expect.stringMatching(/nvme/),
  });
  await session.resume();
  expect(await session.state()).toBe('running');
});
