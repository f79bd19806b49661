// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { machine, planOf, report, tcgReport, valuesOf } from './testing.ts';
import { usesMicrovm, whyNotMicrovm } from './microvm.ts';

const micro = {
  board: 'micro',
  throwAway: true,
  guestOs: 'micro',
  cpu: { vcpus: 1 },
  memory: '512MiB',
  boot: {
    type: 'kernel',
    kernel: 'kernel/vmlinuz',
    initrd: 'kernel/initrd',
    commandLine: 'console=ttyS0 quiet',
  },
  disks: [{ file: 'disks/root.squashfs', format: 'raw', readOnly: true }],
  nics: [{ type: 'user' }],
  display: { type: 'none' },
  balloon: false,
  agent: false,
  clipboard: false,
};

test('a whole plan', async () => {
  await expect(`${JSON.stringify(planOf(micro), null, 2)}\n`).toMatchFileSnapshot('golden/micro.plan');
});

test('a whole plan without KVM', async () => {
  const plan = planOf(micro, tcgReport());
  await expect(`${JSON.stringify(plan, null, 2)}\n`).toMatchFileSnapshot('golden/micro-tcg.plan');
});

test('every device of the small board does without PCI', () => {
  const plan = planOf({
    ...micro,
    balloon: true,
    agent: true,
    disks: [...micro.disks, { file: 'b', format: 'raw' }],
  });
  const devices = valuesOf(plan, '-device').map((text) => JSON.parse(text) as Record<string, unknown>);
  expect(devices.map(({ driver }) => driver)).toEqual([
    'virtio-net-device',
    'virtio-blk-device',
    'virtio-blk-device',
    'virtio-serial-device',
    'virtserialport',
    'virtio-rng-device',
    'virtio-balloon-device',
  ]);
  expect(devices.filter(({ bus }) => bus !== undefined).map(({ bus }) => bus)).toEqual(['ports.0']);
  expect(devices.some((device) => 'addr' in device || 'romfile' in device)).toBe(false);
});

describe('the usual board is taken, and the plan says why, when', () => {
  test.each<[string, object, RegExp]>([
    ['it has a display', { display: { type: 'vnc' } }, /a display/],
    ['it boots by firmware', { boot: { type: 'bios' } }, /firmware/],
    ['a disk is on another bus', { disks: [{ file: 'a', format: 'raw', bus: 'sata' }] }, /other than virtio/],
    [
      'there are too many devices',
      { nics: Array.from({ length: 8 }, () => ({ type: 'none' })) },
      /more than 8/,
    ],
  ])('%s', (_what, change, reason) => {
    const definition = machine({ ...micro, ...change });
    expect(usesMicrovm(definition, report())).toBe(false);
    expect(whyNotMicrovm(definition, report())).toMatch(reason);
    const { decisions, process } = planOf({ ...micro, ...change });
    expect(decisions[0]?.why).toMatch(reason);
    expect(process.command.join(' ')).toContain('-machine q35,');
  });
  test('this QEMU has no other', () => {
    const answers = { ...report().answers, microvm: false };
    expect(whyNotMicrovm(machine(micro), report('x86_64', { answers }))).toMatch(/without microvm/);
  });
  test('the processor is another', () => {
    const arm = { ...micro, architecture: 'aarch64' };
    expect(whyNotMicrovm(machine(arm), report('aarch64'))).toMatch(/aarch64/);
  });
});

test('who does not ask for it hears nothing of it', () => {
  expect(whyNotMicrovm(machine(), tcgReport())).toBe(null);
  expect(planOf({}).decisions.some(({ what }) => what.startsWith('board'))).toBe(false);
});
