// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import type { Paths } from '../contract/paths.ts';
import type { Engine } from './engine.ts';
import { errorCode, writeAtomic } from '../host/files.ts';
import type { Store } from './store.ts';

/**
 * Starts the machines that want it, lowest order first, once after this PC came up: a service that is
 * started again must not bring back what somebody stopped meanwhile.
 *
 * @param favourite goes before them all: somebody sits before this PC and waits for it
 *
 * Each start that fails is told by its own machine.error event and does not keep the others from starting.
 */
export async function startAutomatically(
  engine: Pick<Engine, 'startMachine'>,
  store: Store,
  paths: Paths,
  bootId: string,
  favourite: string | null = null,
): Promise<void> {
  if ((await readMarker(paths.autostarted)) === bootId) return;
  await writeAtomic(paths.autostarted, bootId);
  const wanted = store.list().flatMap(({ id, definition }) => {
    // A template does not start, which is no failure.
    if (definition?.template === true) return [];
    return definition?.autostart === undefined ? [] : [{ id, order: definition.autostart.order }];
  });
  const ids = wanted.sort((a, b) => a.order - b.order).map(({ id }) => id);
  for (const id of new Set(favourite === null ? ids : [favourite, ...ids])) {
    await engine.startMachine(id).catch(() => {});
  }
}

async function readMarker(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
