// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PhyllomeError } from '../../contract/errors.ts';
import { plan } from './plan.ts';
import { machine, machineId, planOf, report, somePaths, valuesOf, without } from './testing.ts';
import { parseKeyValues } from './testing-key-values.ts';

const kernel = { type: 'kernel', kernel: 'kernel/vmlinux' };
const noSandbox = { usable: false, reason: 'Operation not permitted', emptyFolder: null, root: false };

describe('whole plans', () => {
  const goldens: Record<string, () => object> = {
    server: () =>
      planOf({
        cpu: { vcpus: 4 },
        memory: '2GiB',
        boot: { ...kernel, initrd: 'kernel/initrd', commandLine: 'root=/dev/vda1 console=ttyS0 quiet' },
        disks: [
          { file: 'disks/system.raw', format: 'raw', size: '8GiB', serial: 'system' },
          { file: '/data/big, old.qcow2', format: 'qcow2', readOnly: true, discard: 'ignore' },
        ],
        removable: [{ type: 'cdrom', file: '/isos/debian.iso' }, { type: 'cdrom' }],
        nics: [{ type: 'user', forwards: [{ hostPort: 2222, guestPort: 22 }] }],
        shares: [{ tag: 'docs', path: '/home/ann/My Docs, all' }],
        vsock: { cid: 7 },
      }),
    'no-sandbox': () =>
      planOf(
        { boot: kernel, balloon: false, rng: false, serialPorts: 0, throwAway: true },
        report({ sandbox: noSandbox }),
      ),
  };
  test.for(Object.entries(goldens))('%s', async ([name, make]) => {
    await expect(`${JSON.stringify(make(), null, 2)}\n`).toMatchFileSnapshot(`golden/${name}.plan`);
  });
});

describe('the options of a plan', () => {
  test.for<[string, object, string, string]>([
    ['processors', { cpu: { vcpus: 6 } }, '--cpus', 'num-cores=6'],
    ['memory rounded up to MiB', { memory: 1_073_741_825 }, '--mem', 'size=1025'],
    ['its id as a name', { name: 'a "b", c' }, '--name', machineId],
    ['its id for the guest', {}, '--smbios', `uuid=${machineId}`],
    [
      'a disk past the page cache',
      { disks: [{ file: '/d', format: 'raw', cache: 'none' }] },
      '--block',
      'path=/d,ro=false,sparse=true,direct=true',
    ],
    [
      'but no qcow2 image',
      { disks: [{ file: '/d', format: 'qcow2', cache: 'none' }] },
      '--block',
      'path=/d,ro=false,sparse=true',
    ],
    ['kernel and command line', { boot: { ...kernel, commandLine: 'a=1,2 b' } }, '--params', 'a=1,2 b'],
  ])('%s', ([, draft, option, value]) => expect(valuesOf(planOf(draft), option)).toEqual([value]));

  test('the kernel comes last, and options of crosvm itself before "run"', () => {
    const { command } = planOf().process;
    expect(command.at(-1)).toBe(`${somePaths.machine}/kernel/vmlinux`);
    expect(command.indexOf('--extended-status')).toBeLessThan(command.indexOf('run'));
  });

  test('the console is the serial port, unless the command line says something else', () => {
    const serial = (commandLine: string) =>
      parseKeyValues(valuesOf(planOf({ boot: { ...kernel, commandLine } }), '--serial')[0] ?? '');
    expect(serial('quiet')).toMatchObject({
      type: 'file',
      console: 'true',
      input: `${somePaths.run}/serial.in`,
    });
    expect(serial('quiet console=hvc0')).not.toHaveProperty('console');
    expect(serial('earlyconsole=x')).toHaveProperty('console');
  });

  test('its standard input is the pipe, so that opening it never waits', () => {
    const made = planOf();
    expect(made.process.input).toBe(`${somePaths.run}/serial.in`);
    expect(made.pipes).toEqual([`${somePaths.run}/serial`]);
    expect(planOf({ serialPorts: 0 }).process).not.toHaveProperty('input');
  });

  test('options that this build lacks are not used', () => {
    const { process } = planOf(
      { balloon: false, vsock: { cid: 3 } },
      without('--suspended-vcpus', '--no-balloon', '--vsock', '--smbios'),
    );
    for (const option of ['--suspended-vcpus', '--no-balloon', '--vsock', '--smbios'])
      expect(process.command).not.toContain(option);
    expect(planOf().process.command).toContain('--suspended-vcpus');
  });

  test('passt speaks vhost-user, with the forwards in its arguments', () => {
    const made = planOf({
      nics: [{ type: 'none' }, { type: 'user', forwards: [{ hostPort: 2222, guestPort: 22 }] }],
    });
    expect(made.helpers).toMatchObject([{ name: 'passt-1', ready: `${somePaths.run}/passt-1` }]);
    expect(made.helpers[0]?.command).toEqual(expect.arrayContaining(['--vhost-user', '127.0.0.1/2222:22']));
    expect(valuesOf(made, '--vhost-user')).toEqual([`type=net,socket=${somePaths.run}/passt-1`]);
  });

  test('folders are never shared in another way than was asked for', () => {
    const shares = [
      { tag: 'a', path: '/a' },
      { tag: 'b', path: '/b', readOnly: true },
      { tag: 'c', path: '/c:d' },
    ];
    expect(valuesOf(planOf({ shares }), '--shared-dir')).toEqual(['/a:a:type=fs']);
    expect(valuesOf(planOf({ shares }, report({ sandbox: noSandbox })), '--shared-dir')).toEqual([]);
    expect(
      valuesOf(planOf({ shares }, report({ sandbox: { ...noSandbox, root: true } })), '--shared-dir'),
    ).toEqual(['/a:a:type=fs']);
  });

  test('an empty root of our own where the system has none', () => {
    const sandbox = { ...report().sandbox, emptyFolder: null };
    const made = planOf({}, report({ sandbox }));
    expect(valuesOf(made, '--pivot-root')).toEqual([`${somePaths.run}/empty`]);
    expect(made.directories).toEqual([`${somePaths.run}/empty`]);
  });

  test('no sandbox is no secret', () => {
    const made = planOf({}, report({ sandbox: noSandbox }));
    expect(made.process.command).toContain('--disable-sandbox');
    expect(made.decisions).toContainEqual({
      what: 'sandbox: none',
      why: expect.stringContaining('Operation not permitted'),
    });
  });

  test('what was decided is told', () => {
    const made = planOf({
      cpu: { vcpus: 2, topology: { sockets: 1, cores: 1, threads: 2 } },
      memory: 1_073_741_825,
      disks: [{ file: 'd', format: 'raw', cache: 'unsafe' }],
      nics: [{ type: 'user' }],
    });
    expect(made.decisions.map(({ what }) => what)).toEqual([
      'processors: one socket',
      'memory: 1025 MiB',
      'sandbox: on',
      'console: ttyS0',
      'network: passt (vhost-user)',
      'disk 0: cache writeback',
    ]);
  });

  test('a run folder that is too deep for sockets is refused', () => {
    const paths = { ...somePaths, run: `/run/${'x'.repeat(100)}` };
    expect(() => plan(machine(), report(), paths)).toThrow(PhyllomeError);
  });
});

test('whatever people write stays one value', () => {
  const nasty = fc.string({
    unit: fc.constantFrom(',', '"', "'", '\\', '=', ' ', '[', ']', '{', 'ü', '🐧', '-', ':', 'a'),
    minLength: 1,
  });
  const folder = nasty.map((text) => text.slice(0, 20));
  const count = plan(hostile('a', 'a', 'a'), report(), somePaths).process.command.length;
  fc.assert(
    fc.property(nasty, nasty, nasty, folder, (name, file, line, place) => {
      const paths = { machine: `/m/${place}`, run: `/r/${place}`, logs: `/l/${place}` };
      const made = plan(hostile(name, file, `a${line}`), report(), paths);
      expect(made.process.command).toHaveLength(count);
      const [disk, medium] = valuesOf(made, '--block').map(parseKeyValues);
      expect(disk).toEqual({ path: `/m/${place}/${file}`, ro: 'false', sparse: 'true' });
      expect(medium).toEqual({ path: `/m/${place}/${file}`, ro: 'true' });
      expect(parseKeyValues(valuesOf(made, '--vhost-user')[0] ?? '')).toEqual({
        type: 'net',
        socket: `/r/${place}/passt-0`,
      });
      expect(parseKeyValues(valuesOf(made, '--serial')[0] ?? '')).toMatchObject({
        path: `/l/${place}/serial.log`,
        input: `/r/${place}/serial.in`,
      });
      // Only these begin with "-"; crosvm would take anything else that does apart.
      for (const word of made.process.command.slice(made.process.command.indexOf('run')))
        if (word.startsWith('-')) expect(word).toMatch(/^--[a-z-]+$/);
    }),
  );
});

/** A definition with texts of a user in every place; past the checks, which would refuse some of them. */
function hostile(name: string, file: string, commandLine: string) {
  const base = machine({
    nics: [{ type: 'user' }],
    disks: [{ file: 'x', format: 'raw' }],
    removable: [{ type: 'cdrom', file: 'x' }],
  });
  return {
    ...base,
    name,
    boot: { type: 'kernel' as const, kernel: file, initrd: file, commandLine },
    disks: base.disks.map((disk) => ({ ...disk, file })),
    removable: base.removable.map((drive) => ({ ...drive, file })),
  };
}
