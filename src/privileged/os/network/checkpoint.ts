// SPDX-License-Identifier: Apache-2.0
//
// A change that may cut off whoever makes it. NetworkManager itself remembers how everything was and goes back to it when
// nobody confirms in time: that works even when we, or the service, are gone by then. New connections stand in a folder that
// a restart of this PC empties until they are confirmed.
import { confirmSeconds } from '../../../contract/network.ts';
import { PhyllomeError } from '../../../contract/errors.ts';
import { managerPath, service, settingsConnection } from '../../../host/network-manager/ask.ts';
import { readConnections } from '../../../host/network-manager/connections.ts';
import { readObjects } from '../../../host/network-manager/objects.ts';
import { checkpointOf } from '../../../host/network-manager/status.ts';
import type { Manager } from './manager.ts';

// NMCheckpointCreateFlags: connections that came meanwhile are deleted, devices that came are disconnected.
const flags = 0x02 | 0x04;
// Until the new connection is up; the time for confirming comes after that (s).
const patience = 90;

/**
 * Makes a change and lets it wait for its confirmation. Nothing is left of it when it fails.
 * @throws PhyllomeError `network-pending` when another change waits
 */
export async function changeOnTrial<Result>(manager: Manager, work: () => Promise<Result>): Promise<Result> {
  if (checkpointOf(await readObjects(manager.ask)) !== null) throw new PhyllomeError('network-pending');
  const [point] = await manager.ask(
    managerPath,
    `${service}.CheckpointCreate`,
    'aouu',
    '0',
    String(patience + confirmSeconds),
    String(flags),
  );
  const path = String(point);
  try {
    const result = await work();
    // From now on somebody can look at it.
    await manager.ask(
      managerPath,
      `${service}.CheckpointAdjustRollbackTimeout`,
      'ou',
      path,
      String(confirmSeconds),
    );
    return result;
  } catch (error) {
    await manager.ask(managerPath, `${service}.CheckpointRollback`, 'o', path);
    throw error;
  }
}

/**
 * Keeps what waits, or takes it back now.
 * @throws PhyllomeError `network-settled` when nothing waits
 */
export async function settle(manager: Manager, keep: boolean): Promise<void> {
  const objects = await readObjects(manager.ask);
  const point = checkpointOf(objects);
  if (point === null) throw new PhyllomeError('network-settled');
  if (!keep) {
    await manager.ask(managerPath, `${service}.CheckpointRollback`, 'o', point.path);
    return;
  }
  await manager.ask(managerPath, `${service}.CheckpointDestroy`, 'o', point.path);
  const connections = await readConnections(manager.ask, objects);
  // Volatile ones of ours are what the change made: now they are for good.
  const made = new Set(
    objects
      .with('Settings.Connection')
      .filter((one) => (one.text('Settings.Connection', 'Filename') ?? '').startsWith(volatileNames))
      .map(({ path }) => path),
  );
  for (const connection of connections.filter(({ path }) => made.has(path))) {
    await manager.ask(connection.path, `${settingsConnection}.Save`);
    if (connection.controller !== null) continue;
    // What the device had before is replaced; what it has as a port of a bridge is another thing.
    const replaced = connections.filter(
      (one) =>
        !made.has(one.path) &&
        one.kind === connection.kind &&
        one.device === connection.device &&
        one.controller === null,
    );
    for (const { id } of replaced) await manager.forget(id);
  }
}

const volatileNames = '/run/NetworkManager/system-connections/phyllome-';
