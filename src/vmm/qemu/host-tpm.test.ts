// SPDX-License-Identifier: Apache-2.0
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { probeHostTpm } from './host-tpm.ts';
import { judge } from './judge.ts';
import { jsonOf, machine, planOf, report, valuesOf } from './testing.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ph-host-tpm-'));
  await mkdir(join(root, 'dev'));
  await mkdir(join(root, 'sys/class/tpm/tpm0'), { recursive: true });
});
afterEach(() => rm(root, { recursive: true, force: true }));

const put = async (version: string): Promise<void> => {
  await writeFile(join(root, 'dev/tpm0'), '');
  await writeFile(join(root, 'sys/class/tpm/tpm0/tpm_version_major'), `${version}\n`);
};

test('whether there is one that guests can use', async () => {
  expect(await probeHostTpm(root)).toContain('has none');
  await put('2');
  expect(await probeHostTpm(root)).toBeNull();
  await put('1');
  expect(await probeHostTpm(root)).toContain('1.2');
});

test.skipIf(process.getuid?.() === 0)('one that this user may not open', async () => {
  await put('2');
  await chmod(join(root, 'dev/tpm0'), 0);
  expect(await probeHostTpm(root)).toContain('may not open');
});

test('no helper, no state of its own, and it is said who else has it', () => {
  const plan = planOf({ tpm: 'passthrough' });
  expect(valuesOf(plan, '-tpmdev')).toEqual(['passthrough,id=tpm-host,path=/dev/tpm0,cancel-path=/dev/null']);
  expect(jsonOf(plan, '-device', 'tpm')).toEqual({ driver: 'tpm-tis', id: 'tpm', tpmdev: 'tpm-host' });
  expect(plan.helpers).toEqual([]);
  expect(plan.tpm).toBeUndefined();
  expect(plan.directories).toEqual([]);
  expect(plan.decisions.map(({ what }) => what)).toContain('TPM: /dev/tpm0 of this PC');
  const { refusals, losses } = judge(machine({ tpm: 'passthrough' }), report());
  expect(refusals).toEqual([]);
  expect(losses.map(({ code }) => code)).toEqual(['partly-host-tpm']);
});

test('swtpm is not needed for it', () => {
  const tools = { ...report().tools, swtpm: { path: null, install: 'x' } };
  expect(judge(machine({ tpm: 'passthrough' }), report('x86_64', { tools })).refusals).toEqual([]);
});
