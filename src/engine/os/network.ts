// SPDX-License-Identifier: Apache-2.0
//
// How this PC is connected. Looking needs no root: NetworkManager tells everybody. What is changed, root changes.
import { execFile } from 'node:child_process';
import { hostname } from 'node:os';
import { promisify } from 'node:util';
import { PhyllomeError, reasonOf } from '../../contract/errors.ts';
import type { NetworkStatus, WifiNetwork } from '../../contract/network.ts';
import type { OsVerbName } from '../../contract/os.ts';
import type { Task } from '../../contract/task.ts';
import { askBy, type Ask } from '../../host/network-manager/ask.ts';
import { readNetwork, secondsAwake, statusOf, wifiOf } from '../../host/network-manager/status.ts';
import type { Engine } from '../engine.ts';
import type { Tasks } from '../tasks.ts';
import type { Root } from './root.ts';

export interface NetworkParts {
  root: Root;
  tasks: Pick<Tasks, 'run'>;
  ask?: Ask;
  hostName?: () => string;
  awake?: () => Promise<number>;
}

export type NetworkFunctions = Pick<
  Engine,
  | 'network'
  | 'listWifi'
  | 'scanWifi'
  | 'connectWifi'
  | 'forgetNetwork'
  | 'setAddresses'
  | 'makeBridge'
  | 'removeBridge'
  | 'confirmNetwork'
  | 'revertNetwork'
>;

const run = promisify(execFile);
// Longer than busctl's own patience (ms).
const patience = 15_000;

const askHere = askBy(async (words) => {
  try {
    const options = {
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' },
      timeout: patience,
      maxBuffer: 2 ** 24,
    };
    return (await run('busctl', [...words], options)).stdout;
  } catch (cause) {
    const { stderr = '' } = cause as { stderr?: string };
    throw new PhyllomeError('network-manager-lost', { reason: stderr.trim() || reasonOf(cause) }, { cause });
  }
});

export function createNetwork({
  root,
  tasks,
  ask = askHere,
  hostName = hostname,
  awake = secondsAwake,
}: NetworkParts): NetworkFunctions {
  const network = async (): Promise<NetworkStatus> =>
    statusOf(await readNetwork(ask), hostName(), await awake());
  const listWifi = async (): Promise<WifiNetwork[]> => wifiOf(await readNetwork(ask));

  const requireDevice = async (name: string, kind: 'wired' | 'bridge' | null): Promise<void> => {
    const device = (await network()).devices.find((one) => one.name === name);
    if (device === undefined || (kind !== null && device.kind !== kind))
      throw new PhyllomeError('network-device-missing', { kind: kind ?? 'network', name });
  };

  const change = (what: string, verb: OsVerbName, request: object): Task =>
    tasks.run(what, null, async ({ signal, progress }) => {
      await root.ask(verb, request, { signal, onProgress: ({ step, fraction }) => progress(step, fraction) });
      return null;
    });

  return {
    network,
    listWifi,
    async scanWifi() {
      await root.ask('network-scan', {});
      return listWifi();
    },
    async connectWifi(request) {
      const { wifi } = await network();
      if (!wifi) throw new PhyllomeError('network-device-missing', { kind: 'Wi-Fi', name: '' });
      const found = (await listWifi()).find(({ ssid }) => ssid === request.ssid);
      if (found?.security === 'enterprise' || found?.security === 'wep')
        throw new PhyllomeError('wifi-unsupported', { name: found.name, security: found.security });
      return change(`Connect to ${found?.name ?? 'a hidden network'}`, 'network-join', request);
    },
    async forgetNetwork(id) {
      await root.ask('network-forget', { id });
      return network();
    },
    async setAddresses(name, request) {
      await requireDevice(name, null);
      return change(`Change the addresses of ${name}`, 'network-addresses', { device: name, ...request });
    },
    async makeBridge(request) {
      await requireDevice(request.device, 'wired');
      return change(`Make the bridge ${request.name}`, 'network-bridge', request);
    },
    async removeBridge(name) {
      await requireDevice(name, 'bridge');
      return change(`Remove the bridge ${name}`, 'network-unbridge', { name });
    },
    async confirmNetwork() {
      await root.ask('network-settle', { keep: true });
      return network();
    },
    async revertNetwork() {
      await root.ask('network-settle', { keep: false });
      return network();
    },
  };
}
