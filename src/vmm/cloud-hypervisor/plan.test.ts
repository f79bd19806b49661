// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MachineDefinition } from '../../contract/machine.ts';
import type { LaunchPlan } from '../../contract/plan.ts';
import { cloudHypervisorApi, readApi } from '../testing-api.ts';
import { plan } from './plan.ts';
import { configOf, machine, planOf, report, somePaths } from './testing.ts';

const api = readApi(cloudHypervisorApi);
const uefi = { boot: { type: 'uefi' } };

/** Every request of a plan is one that the API takes. */
function check({ requests = [] }: LaunchPlan): void {
  expect(requests).toHaveLength(1);
  for (const { method, path, body } of requests) api.checkRequest(method, path.replace('/api/v1', ''), body);
}

const everything = {
  ...uefi,
  name: 'all, of "it"',
  guestOs: 'win2k25',
  cpu: { vcpus: 8, topology: { sockets: 2, cores: 2, threads: 2 } },
  memory: 1_073_741_825,
  tpm: 'emulated',
  disks: [
    { file: 'disks/system.raw', format: 'raw', cache: 'none', serial: 'S1' },
    { file: '/elsewhere/data.qcow2', format: 'qcow2', readOnly: true, discard: 'ignore' },
  ],
  removable: [{ type: 'cdrom', file: '/isos/virtio.iso' }, { type: 'cdrom' }],
  nics: [{ type: 'none' }, { type: 'user', mac: '02:00:00:00:00:01' }, { type: 'user' }],
  shares: [
    { tag: 'docs', path: '/home/ann/My Docs, all', readOnly: true },
    { tag: 'work', path: '/work' },
  ],
  vsock: { cid: 42 },
};

describe('whole plans', () => {
  const goldens: Record<string, () => LaunchPlan> = {
    'tiny-kernel': () =>
      planOf({
        guestOs: 'tiny',
        cpu: { vcpus: 1 },
        memory: '256MiB',
        boot: {
          type: 'kernel',
          kernel: 'kernel/vmlinuz',
          initrd: 'kernel/initrd',
          commandLine: 'console=ttyS0 quiet',
        },
        disks: [{ file: 'disks/data.qcow2', format: 'qcow2', size: '1GiB' }],
        nics: [{ type: 'user', forwards: [{ hostPort: 2222, guestPort: 22 }] }],
      }),
    everything: () => planOf(everything),
    'least-sandbox': () => planOf({ serialPorts: 0, balloon: false }, report({ landlock: false })),
  };
  test.for(Object.entries(goldens))('%s', async ([name, make]) => {
    const made = make();
    check(made);
    await expect(`${JSON.stringify(made, null, 2)}\n`).toMatchFileSnapshot(`golden/${name}.plan`);
  });
});

describe('what the VMM is told', () => {
  test('memory is shared only where another process takes part in it', () => {
    const shared = (draft: object) => (configOf(planOf(draft))['memory'] as { shared: boolean }).shared;
    expect(shared({ nics: [{ type: 'none' }] })).toBe(false);
    expect(shared({ nics: [{ type: 'user' }] })).toBe(true);
    expect(shared({ shares: [{ tag: 't', path: '/t' }] })).toBe(true);
  });

  test('the format of every disk is said', () => {
    const { disks } = configOf(planOf(everything)) as { disks: { image_type?: string }[] };
    expect(disks.map((disk) => disk.image_type)).toEqual(['Raw', 'Qcow2', 'Raw']);
  });

  test('Windows knows that it runs under a hypervisor, others do not', () => {
    expect(configOf(planOf(everything))['cpus']).toMatchObject({ kvm_hyperv: true });
    expect(configOf(planOf({}))['cpus']).not.toHaveProperty('kvm_hyperv');
  });

  test('Landlock lets it open backing files, and only where there may be some', () => {
    const rules = (format: string) => configOf(planOf({ disks: [{ file: 'a', format }] }))['landlock_rules'];
    expect(rules('raw')).toEqual([]);
    expect(rules('qcow2')).toEqual([{ path: somePaths.machine, access: 'r' }]);
  });

  test('shares that cannot be had are left out everywhere', () => {
    const made = planOf(everything, report({ virtiofsd: { current: true, readOnly: false } }));
    expect(made.helpers.filter(({ name }) => name.startsWith('share'))).toHaveLength(1);
    expect(configOf(made)['fs']).toMatchObject([{ tag: 'work' }]);
  });
});

test('every socket that the VMM is told is one that a helper makes', () => {
  const made = planOf(everything);
  const config = configOf(made) as {
    net: { vhost_socket: string }[];
    fs: { socket: string }[];
    tpm: { socket: string };
  };
  const told = [
    ...config.net.map((net) => net.vhost_socket),
    ...config.fs.map((fs) => fs.socket),
    config.tpm.socket,
  ];
  const ready = made.helpers.map((helper) => helper.ready).filter((path) => path !== null);
  expect(ready.toSorted()).toEqual(told.toSorted());
});

test('whatever people write stays one argument, and never becomes a part of a shell script', () => {
  const count = (made: LaunchPlan) => [made.process, ...made.helpers].map(({ command }) => command.length);
  const scripts = (made: LaunchPlan) =>
    made.helpers
      .map(({ command }) => command[command.indexOf('-c') + 1])
      .filter((word) => word?.includes('\n') === true);
  const nasty = fc.string({
    unit: fc.constantFrom(
      ',',
      '"',
      "'",
      '\\',
      '=',
      ' ',
      '$',
      '`',
      '(',
      '[',
      ']',
      ';',
      '%',
      'ü',
      '🐧',
      '\n',
      '-',
      'a',
    ),
    minLength: 1,
  });
  const folder = nasty.map((text) => text.replaceAll('\n', '').slice(0, 20));
  const calm = plan(hostile('calm', 'calm', 'calm'), report(), somePaths);
  fc.assert(
    fc.property(nasty, nasty, nasty, folder, (name, file, path, place) => {
      const paths = { machine: `/m/${place}`, run: `/r/${place}`, logs: `/l/${place}` };
      const made = plan(hostile(name, file, path), report(), paths);
      check(made);
      expect(count(made)).toEqual(count(calm));
      expect(scripts(made)).toEqual(scripts(calm));
    }),
  );
});

/** A definition with texts of a user in every place; past the checks, which would refuse some of them. */
function hostile(name: string, file: string, path: string): MachineDefinition {
  const base = machine({
    tpm: 'emulated',
    nics: [{ type: 'user' }],
    disks: [{ file: 'disks/x', format: 'raw' }],
    removable: [{ type: 'cdrom', file: 'x' }],
    shares: [{ tag: 't', path: '/' }],
  });
  return {
    ...base,
    name,
    boot: { type: 'kernel', kernel: `/${file}`, initrd: `/${path}`, commandLine: name },
    disks: base.disks.map((disk) => ({ ...disk, file })),
    removable: base.removable.map((drive) => ({ ...drive, file: path })),
    shares: base.shares.map((share) => ({ ...share, path })),
  };
}
