// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import type { LaunchPlan } from '../contract/plan.ts';
import { planText } from './plan-text.ts';

const plan: LaunchPlan = {
  machine: { id: '6f1c2b3a-1111-4111-8111-111111111111', name: 'a, "b" $(touch x)' },
  vmm: 'qemu',
  version: '7.2.22',
  accelerator: 'tcg',
  runDirectory: '/run/p/6f1c2b3a',
  directories: ['/home/me/logs of mine'],
  pipes: ['/r/serial'],
  files: [
    {
      what: 'UEFI variables',
      file: '/m/vars.qcow2',
      template: '/t.fd',
      templateFormat: 'raw',
      format: 'qcow2',
    },
  ],
  helpers: [
    {
      name: 'swtpm',
      command: ['/usr/bin/swtpm', 'socket', '--tpm2'],
      log: '/l/swtpm.log',
      ready: '/run/p/tpm',
    },
  ],
  process: {
    name: 'qemu',
    command: ['/usr/bin/qemu', '-name', 'a, "b" $(touch x)'],
    log: '/l/vmm.log',
    ready: null,
  },
  endpoints: { control: '/run/p/control', serial: null, display: null, agent: null },
  serialLog: null,
  decisions: [{ what: 'accelerator: tcg', why: 'a reason\nrm -rf ~' }],
};

test('shows every step, and commands one argument a line', () => {
  expect(planText(plan)).toBe(
    String.raw`# Starting a, "b" $(touch x) (6f1c2b3a-1111-4111-8111-111111111111) with qemu 7.2.22, tcg.

# Decided for it:
# - accelerator: tcg: a reason\nrm -rf ~

# 1. These folders are made when they are missing:
#   /home/me/logs of mine

# 2. /r/serial.in is made as a named pipe, /r/serial.out as a link to /dev/null.

# 3. The UEFI variables /m/vars.qcow2 (qcow2) are made from /t.fd (raw) when they are missing.

# 4. The helper swtpm; its output goes to /l/swtpm.log
# It is ready when /run/p/tpm appears.
/usr/bin/swtpm \
  socket \
  --tpm2

# 5. The VMM qemu; its output goes to /l/vmm.log
/usr/bin/qemu \
  -name \
  'a, "b" $(touch x)'`,
  );
});

test('a shell that is given the whole text runs the commands and nothing else', () => {
  const harmless = (name: string) => ['/usr/bin/printf', '[%s]', name, ...plan.process.command.slice(1)];
  const text = planText({
    ...plan,
    helpers: [{ ...plan.helpers[0]!, command: harmless('helper') }],
    process: { ...plan.process, command: harmless('vmm') },
  });
  expect(execFileSync('sh', ['-c', text], { encoding: 'utf8' })).toBe(
    '[helper][-name][a, "b" $(touch x)][vmm][-name][a, "b" $(touch x)]',
  );
});
