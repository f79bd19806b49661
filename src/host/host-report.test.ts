// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { HostReport } from '../contract/host.ts';
import { hostReport } from './host-report.ts';

const fixtures = join(import.meta.dirname, 'fixtures');

test('a laptop with four threads on two cores, one thread switched off', async () => {
  const report = await hostReport('/nonexistent', join(fixtures, 'laptop'));
  expect(Value.Check(HostReport, report)).toBe(true);
  expect(report).toMatchObject({
    cpu: { model: 'AMD Ryzen 5 PRO 4650U with Radeon Graphics', cores: 2, threads: 4 },
    memory: { totalBytes: 15_718_904 * 1024, availableBytes: 10_277_120 * 1024 },
    kernel: '6.8.0-49-generic',
    os: { id: 'ubuntu', name: 'Ubuntu 24.04.1 LTS', version: '24.04' },
    accelerators: [],
  });
});

test('tools: where they are, or how to get them', async () => {
  const { tools } = await hostReport('/nonexistent', join(fixtures, 'laptop'));
  const tool = (name: string) => tools.find((each) => each.name === name);
  const path = join(fixtures, 'laptop/usr/bin/qemu-img');
  expect(tool('qemu-img')).toEqual({ name: 'qemu-img', path, version: '8.2.2', install: null });
  // It is there, but cannot be executed.
  expect(tool('swtpm')).toMatchObject({ path: null, install: 'sudo apt install swtpm swtpm-tools' });
});
