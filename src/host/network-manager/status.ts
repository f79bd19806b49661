// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import type { NetworkStatus, PendingChange, WifiNetwork } from '../../contract/network.ts';
import type { Ask } from './ask.ts';
import { readConnections, type Connection } from './connections.ts';
import { internetOf, networkDevices } from './devices.ts';
import { readObjects, type BusObject, type BusObjects } from './objects.ts';
import { wifiNetworks } from './wifi.ts';

/** All that NetworkManager knows, once. */
export interface NetworkView {
  objects: BusObjects;
  connections: Connection[];
}

export async function readNetwork(ask: Ask): Promise<NetworkView> {
  const objects = await readObjects(ask);
  return { objects, connections: await readConnections(ask, objects) };
}

export const wifiOf = ({ objects, connections }: NetworkView): WifiNetwork[] =>
  wifiNetworks(objects, connections);

/** @param awake how long this PC has been on, sleep included (s): the clock of checkpoints */
export function statusOf(
  { objects, connections }: NetworkView,
  hostName: string,
  awake: number,
): NetworkStatus {
  const devices = networkDevices(objects, connections);
  return {
    hostName,
    internet: internetOf(objects),
    wifi: devices.some(({ kind }) => kind === 'wifi'),
    devices,
    known: connections.map(({ id, name, kind }) => ({ id, name, kind })),
    pending: pendingOf(objects, awake),
  };
}

/** The change that is taken back unless somebody confirms it: NetworkManager's own checkpoint. */
export function checkpointOf(objects: BusObjects): BusObject | null {
  return objects.with('Checkpoint')[0] ?? null;
}

function pendingOf(objects: BusObjects, awake: number): PendingChange | null {
  const point = checkpointOf(objects);
  if (point === null) return null;
  const created = (point.number('Checkpoint', 'Created') ?? 0) / 1000;
  const left = (point.number('Checkpoint', 'RollbackTimeout') ?? 0) - (awake - created);
  return {
    secondsLeft: Math.max(0, Math.round(left)),
    devices: point
      .paths('Checkpoint', 'Devices')
      .map((path) => objects.get(path)?.text('Device', 'Interface') ?? null)
      .filter((name) => name !== null),
  };
}

/** proc_uptime(5) counts like CLOCK_BOOTTIME. */
export async function secondsAwake(root = '/'): Promise<number> {
  return Number((await readFile(`${root}proc/uptime`, 'utf8')).split(' ')[0]);
}
