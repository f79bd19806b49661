// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { plug, pluggedInto, unplug } from './cables.ts';

let root: string;
let context: { root: string; signal: AbortSignal; progress: () => void };

// As far as files show it, what ip does; "user phyllome" exists on Phyllome OS only.
const ip = (root: string, fails: string) =>
  `#!/bin/sh
echo "$*" >> ${root}/asked
case "$*" in
  *${fails}*) echo "RTNETLINK answers: no" >&2; exit 2 ;;
  tuntap\\ add*) mkdir ${root}/sys/class/net/$4 ;;
  link\\ delete*) rmdir ${root}/sys/class/net/$4 ;;
esac
`.replaceAll('\\\\', '\\');

const put = (fails = '-nothing-'): Promise<void> =>
  writeFile(join(root, 'usr/sbin/ip'), ip(root, fails), { mode: 0o755 });
const taps = async (): Promise<string[]> =>
  (await readdir(join(root, 'sys/class/net'))).filter((name) => name.startsWith('phy-'));
const asked = async (): Promise<string[]> =>
  (await readFile(join(root, 'asked'), 'utf8').catch(() => '')).trim().split('\n');

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'phcable-'));
  context = { root, signal: new AbortController().signal, progress: () => {} };
  await mkdir(join(root, 'usr/sbin'), { recursive: true });
  await mkdir(join(root, 'sys/class/net/br0/bridge'), { recursive: true });
  await mkdir(join(root, 'sys/class/net/eth0'), { recursive: true });
  await put();
});
afterEach(() => rm(root, { recursive: true }));

const cables = ['phy-01234567-0', 'phy-01234567-3'].map((tap) => ({ tap, bridge: 'br0' }));

test('cables are made for the service, plugged into their bridge, and gone afterwards', async () => {
  await plug.run({ cables }, context);
  expect(await taps()).toEqual(['phy-01234567-0', 'phy-01234567-3']);
  expect((await asked()).slice(0, 2)).toEqual([
    'tuntap add dev phy-01234567-0 mode tap user phyllome',
    'link set dev phy-01234567-0 master br0 up',
  ]);
  // One that was left over is replaced.
  await plug.run({ cables: cables.slice(0, 1) }, context);
  expect((await asked()).at(-3)).toBe('link delete dev phy-01234567-0');
  await unplug.run({ cables }, context);
  expect(await taps()).toEqual([]);
  await unplug.run({ cables }, context);
});

test('all or none: a failure leaves no cable behind', async () => {
  await put('phy-01234567-3');
  await expect(plug.run({ cables }, context)).rejects.toMatchObject({ code: 'os-tool-failed' });
  expect(await taps()).toEqual([]);
});

test('a bridge has its ports, but for a cable that nobody is at the other end of', async () => {
  const net = join(root, 'sys/class/net');
  for (const [port, carrier] of Object.entries({ 'phy-01234567-0': 1, 'phy-01234567-1': 0, eth0: 0 })) {
    await mkdir(join(net, 'br7/brif', port), { recursive: true });
    await mkdir(join(net, port), { recursive: true });
    await writeFile(join(net, port, 'carrier'), `${carrier}\n`);
  }
  expect(pluggedInto(root, 'br7').toSorted()).toEqual(['eth0', 'phy-01234567-0']);
  expect(pluggedInto(root, 'br8')).toEqual([]);
});

test('a bridge that is not there, or is none, is named', async () => {
  for (const bridge of ['br1', 'eth0'])
    await expect(plug.run({ cables: [{ tap: 'phy-01234567-0', bridge }] }, context)).rejects.toMatchObject({
      code: 'network-device-missing',
      facts: { kind: 'bridge', name: bridge },
    });
  expect(await asked()).toEqual(['']);
});
