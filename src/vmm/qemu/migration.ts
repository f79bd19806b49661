// SPDX-License-Identifier: Apache-2.0
//
// What QEMU says about a migration that is under way: the memory and devices of a guest going out or coming in.
// https://www.qemu.org/docs/master/interop/qemu-qmp-ref.html (query-migrate and those beside it)
import { setTimeout as delay } from 'node:timers/promises';
import { PhyllomeError } from '../../contract/errors.ts';
import type { MemoryOptions, MemoryProgress } from '../driver.ts';
import { isRecord, type Qmp } from './qmp.ts';

// How often it is asked (ms): at first often, since a small guest takes less than 100 ms.
const firstLook = 10;
const longestLook = 200;

/** What this QEMU knows of files: asked, because distributions carry newer parts back. */
export interface FileMigration {
  /** `file:` as an address (8.2) */
  file: boolean;
  /** Each page at its own place of the file, which is sparse then (9.0) */
  mappedRam: boolean;
}

export async function askFileMigration(qmp: Qmp): Promise<FileMigration> {
  const capabilities = list(await qmp.execute('query-migrate-capabilities'));
  const mappedRam = capabilities.some(({ capability }) => capability === 'mapped-ram');
  if (mappedRam) return { file: true, mappedRam };
  // The schema hides the names of its types; this enumeration is the one with these values.
  const telling = ['socket', 'exec', 'rdma'];
  const transports = list(await qmp.execute('query-qmp-schema')).find(
    ({ values }) => Array.isArray(values) && telling.every((value) => values.includes(value)),
  );
  const values = transports?.['values'];
  return { file: Array.isArray(values) && values.includes('file'), mappedRam };
}

export async function setCapability(qmp: Qmp, capability: string, state: boolean): Promise<void> {
  await qmp.execute('migrate-set-capabilities', { capabilities: [{ capability, state }] });
}

/**
 * Waits until a migration has completed.
 * @throws the reason of the signal; PhyllomeError `vmm-refused` with QEMU's words when it fails or was cancelled
 */
export async function untilMigrated(
  qmp: Qmp,
  name: string,
  { signal, onProgress }: MemoryOptions,
): Promise<void> {
  for (let pause = firstLook; ; pause = Math.min(pause * 2, longestLook)) {
    const { status, reason, progress } = await readMigration(qmp);
    if (progress !== null) onProgress(progress);
    if (status === 'completed') return;
    if (status === 'failed' || status === 'cancelled')
      throw new PhyllomeError('vmm-refused', { name, command: 'migrate', reason: reason || status });
    await delay(pause, undefined, { signal });
  }
}

/** Ends an outgoing migration, and waits until it has ended. Without one, nothing happens. */
export async function cancelMigration(qmp: Qmp): Promise<void> {
  const over = ['none', 'completed', 'failed', 'cancelled'];
  if (over.includes((await readMigration(qmp)).status)) return;
  await qmp.execute('migrate_cancel');
  while (!over.includes((await readMigration(qmp)).status)) await delay(firstLook);
}

/** Whether the guest went out whole, and stands still since then. */
export async function isMigrated(qmp: Qmp): Promise<boolean> {
  const answer = await qmp.execute('query-status');
  const stopped = isRecord(answer) && answer['status'] === 'postmigrate';
  return stopped && (await readMigration(qmp)).status === 'completed';
}

interface Migration {
  status: string;
  /** Why it failed; empty when it did not say */
  reason: string;
  progress: MemoryProgress | null;
}

async function readMigration(qmp: Qmp): Promise<Migration> {
  const answer = await qmp.execute('query-migrate');
  const { status, ram, 'error-desc': reason } = isRecord(answer) ? answer : {};
  return {
    // Before the first one there is no answer to give.
    status: typeof status === 'string' ? status : 'none',
    reason: typeof reason === 'string' ? reason : '',
    progress: isRecord(ram) ? progressOf(ram) : null,
  };
}

/** Memory in bytes of the guest, of which most is often never written: that part passes at once. */
function progressOf({ total, remaining }: Record<string, unknown>): MemoryProgress | null {
  if (typeof total !== 'number' || typeof remaining !== 'number') return null;
  return { done: Math.max(0, total - remaining), total };
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
