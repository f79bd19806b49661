// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { HostReport } from '../../contract/host.ts';
import { hostLines } from './host.ts';

const report: HostReport = {
  cpu: { architecture: 'x86_64', model: 'A Processor', cores: 4, threads: 8 },
  memory: { totalBytes: 32 * 2 ** 30, availableBytes: null },
  kernel: '6.12.0',
  os: { id: 'debian', name: 'Debian GNU/Linux 13 (trixie)', version: '13' },
  accelerators: [
    {
      architecture: 'x86_64',
      accelerator: 'kvm',
      reason: 'kvm-works',
      explanation: 'It works.',
      evidence: { steps: [], missing: null, exitCode: 0, signal: null, messages: [], milliseconds: 1 },
      probedAt: '2026-11-23T07:00:00.000Z',
    },
  ],
  tools: [
    { name: 'swtpm', path: '/usr/bin/swtpm', version: '0.7.1', install: null },
    { name: 'passt', path: null, version: null, install: 'sudo apt install passt' },
  ],
  notes: [],
};

test('a PC in plain words', () => {
  expect(hostLines(report, { style: (_, text) => text }).join('\n')).toBe(`This PC
  Processor  A Processor (x86_64), 4 cores, 8 threads
  Memory     32 GiB, unknown of it available
  System     Debian GNU/Linux 13 (trixie), kernel 6.12.0

How guests run
  x86_64: kvm. It works.

Tools
  swtpm  0.7.1  /usr/bin/swtpm
  passt  -      not installed; sudo apt install passt`);
});
