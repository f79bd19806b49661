// SPDX-License-Identifier: Apache-2.0
//
// The memory and devices of a guest into a file and back, with what this QEMU has for it: a file whose places are the
// pages (9.0), a stream into a file (8.2), or a stream through a socket of ours.
import { dirname } from 'node:path';
import { PhyllomeError } from '../../contract/errors.ts';
import { explainNoSpace } from '../../host/files.ts';
import type { Memory, MemoryOptions } from '../driver.ts';
import { addClipboard, clipboardIsInTheWay, giveClipboardBack, takeClipboard } from './clipboard.ts';
import { receiveInto, sendFrom } from './memory-stream.ts';
import {
  askFileMigration,
  cancelMigration,
  isMigrated,
  setCapability,
  untilMigrated,
  type FileMigration,
} from './migration.ts';
import type { Qmp } from './qmp.ts';

/** QEMU sends no more than 128 MiB/s unless it is told that it may; this is more than any storage takes (bytes/s). */
const unlimited = 2 ** 50;

export interface MemoryContext {
  qmp: Qmp;
  /** Whose VMM this is, for errors */
  name: string;
  /** Its network is QEMU's own, whose connections are saved as well */
  slirp?: boolean;
  /** In the run folder; made when bytes have to pass through us */
  socket: string;
}

export function createMemory({ qmp, name, slirp = false, socket }: MemoryContext): Memory {
  /** QEMU writes into the file itself. */
  const toFile = async (file: string, options: MemoryOptions): Promise<void> => {
    await qmp.execute('migrate', { uri: `file:${file}` });
    await untilMigrated(qmp, name, options);
  };

  const throughSocket = async (file: string, options: MemoryOptions): Promise<void> => {
    await using receiver = await receiveInto(file, socket);
    await qmp.execute('migrate', { uri: `unix:${socket}` });
    // Where we cannot write, QEMU only notices that nobody listens; what was wrong is known here.
    await Promise.all([receiver.received, untilMigrated(qmp, name, options)]);
  };

  const write = async (file: string, known: FileMigration, options: MemoryOptions): Promise<void> => {
    if (known.mappedRam) await setCapability(qmp, 'mapped-ram', true);
    try {
      await (known.file ? toFile : throughSocket)(file, options);
    } finally {
      // After a failure on our side QEMU may still be at it; the guest is not to go on with that.
      await cancelMigration(qmp);
      if (known.mappedRam) await setCapability(qmp, 'mapped-ram', false);
    }
  };

  const fromSocket = async (file: string, { signal, onProgress }: MemoryOptions): Promise<void> => {
    const stop = new AbortController();
    const until = AbortSignal.any([signal, stop.signal]);
    await qmp.execute('migrate-incoming', { uri: `unix:${socket}` });
    const sending = sendFrom(file, socket, { signal: until, onProgress });
    sending.catch(() => {});
    try {
      // It closes its end when it has read enough, whatever the sending makes of that; so its word alone counts. When we
      // cannot send, the file ends too early for it, and it fails.
      await untilMigrated(qmp, name, { signal, onProgress: () => {} });
    } finally {
      stop.abort();
    }
  };

  return {
    async save(file, options) {
      const known = await askFileMigration(qmp);
      const type = String(await qmp.execute('qom-get', { path: '/machine', property: 'type' }));
      await qmp.execute('migrate-set-parameters', { 'max-bandwidth': unlimited });
      const clipboard = await clipboardIsInTheWay(qmp);
      try {
        if (clipboard) await takeClipboard(qmp);
        await write(file, known, options);
      } catch (error) {
        throw noSpaceOf(error, file);
      } finally {
        // Also when all went well: in a snapshot the guest goes on.
        if (clipboard) await giveClipboardBack(qmp).catch(acceptGone);
      }
      return {
        kind: known.mappedRam ? 'qemu-mapped-ram' : 'qemu-stream',
        machineType: type.replace(/-machine$/, ''),
        without: clipboard ? ['clipboard'] : [],
        ...(slirp && { network: 'slirp' as const }),
      };
    },
    async load({ file, kind, without }, { signal, onProgress }) {
      const known = await askFileMigration(qmp);
      if (kind === 'qemu-mapped-ram') {
        if (!known.mappedRam) {
          const reason = 'the memory was saved by QEMU 9.0 or newer, and this one is older';
          throw new PhyllomeError('vmm-refused', { name, command: 'migrate-incoming', reason });
        }
        await setCapability(qmp, 'mapped-ram', true);
      }
      if (known.file) {
        await qmp.execute('migrate-incoming', { uri: `file:${file}` });
        await untilMigrated(qmp, name, { signal, onProgress });
      } else await fromSocket(file, { signal, onProgress });
      if (without.includes('clipboard')) await addClipboard(qmp);
    },
    async cancel() {
      await cancelMigration(qmp);
      await giveClipboardBack(qmp);
    },
    isSaved: () => isMigrated(qmp),
  };
}
/** QEMU says it in words, we by a code. */
function noSpaceOf(error: unknown, file: string): unknown {
  const directory = dirname(file);
  const what = 'the memory of the guest';
  if (error instanceof PhyllomeError && /No space left|Disk quota/.test(error.message))
    return new PhyllomeError('no-space', { what, directory }, { cause: error });
  return explainNoSpace(error, what, directory);
}

/** Whoever works with that QEMU hears by itself that it is gone. */
function acceptGone(error: unknown): void {
  if (!(error instanceof PhyllomeError) || error.code !== 'vmm-gone') throw error;
}
