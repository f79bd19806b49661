// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PhyllomeError } from '../../contract/errors.ts';
import type { MachineDefinition } from '../../contract/machine.ts';
import { plan } from './plan.ts';
import { firmware, jsonOf, machine, planOf, report, somePaths, tcgReport, valuesOf } from './testing.ts';

const uefi = { type: 'uefi' };
const noPasst = { available: false as const, reason: 'passt is not installed' };

describe('whole plans', () => {
  const goldens: Record<string, () => object> = {
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
    windows: () =>
      planOf({
        name: 'Windows 11, for "work"',
        guestOs: 'win11',
        cpu: { vcpus: 4 },
        memory: '8GiB',
        boot: { ...uefi, secureBoot: true },
        tpm: 'emulated',
        disks: [{ file: 'disks/windows.qcow2', format: 'qcow2', bus: 'sata', cache: 'none' }],
        removable: [{ type: 'cdrom', file: '/isos/win11.iso' }, { type: 'cdrom' }],
        nics: [{ type: 'user', model: 'e1000e' }],
        sound: 'hda',
        shares: [{ tag: 'docs', path: '/home/ann/My Docs, all', readOnly: true }],
      }),
    'aarch64-virt': () =>
      planOf(
        {
          architecture: 'aarch64',
          boot: uefi,
          disks: [{ file: 'disks/a.raw', format: 'raw' }],
          nics: [{ type: 'user' }],
        },
        tcgReport('aarch64', {
          passt: noPasst,
          firmware: { ...report().firmware, found: [firmware('plain', false)] },
        }),
      ),
    // On an ARM PC: its own kind with KVM, and a guest for PCs played in software.
    'aarch64-kvm': () =>
      planOf({
        architecture: 'aarch64',
        boot: uefi,
        disks: [{ file: 'disks/a.raw', format: 'raw' }],
        removable: [{ type: 'cdrom', file: '/isos/debian.iso', bus: 'usb' }],
        nics: [{ type: 'user' }],
        tpm: 'emulated',
      }),
    'x86_64-on-arm': () =>
      planOf(
        { boot: uefi, disks: [{ file: 'disks/a.raw', format: 'raw' }], nics: [{ type: 'user' }] },
        report('x86_64', {
          accelerator: {
            ...tcgReport().accelerator,
            reason: 'foreign-architecture',
            explanation: 'Guests for x86_64 are played in software on a PC with aarch64.',
          },
        }),
      ),
    'riscv64-virt': () =>
      planOf(
        {
          architecture: 'riscv64',
          boot: { type: 'kernel', kernel: '/k/Image' },
          display: { type: 'none' },
          agent: false,
        },
        tcgReport('riscv64'),
      ),
  };
  test.for(Object.entries(goldens))('%s', async ([name, make]) => {
    await expect(`${JSON.stringify(make(), null, 2)}\n`).toMatchFileSnapshot(`golden/${name}.plan`);
  });
});

/** The clipboard's backend in a plan, on a QEMU that says something else about itself. */
const chardevs = (draft: object, more = {}) => {
  const someReport = report('x86_64', { answers: { ...report().answers, ...more } });
  return valuesOf(planOf(draft, someReport), '-chardev').filter((value) => value.includes('vdagent'));
};

describe('the options of a plan', () => {
  // A definition's keys, an option, and what the values of that option hold.
  test.for<[string, object, string, RegExp]>([
    ['the name, with its commas doubled', { name: 'a,b "c"' }, '-name', /^guest=a,,b "c",debug-threads=on$/],
    ['one socket by default', { cpu: { vcpus: 6 } }, '-smp', /cpus=6,.*sockets=1,cores=6,threads=1/],
    [
      'the topology of the definition',
      { cpu: { vcpus: 8, topology: { sockets: 2, cores: 2, threads: 2 } } },
      '-smp',
      /sockets=2,cores=2,threads=2/,
    ],
    ['memory in MiB', { memory: '3GiB' }, '-m', /^size=3072M$/],
    ['memory rounded up', { memory: 1_073_741_825 }, '-m', /^size=1025M$/],
    ['the processor of this PC under KVM', {}, '-cpu', /^host$/],
    [
      'Windows knows that it runs under KVM',
      { guestOs: 'win11' },
      '-cpu',
      /^host,hv-relaxed,.*hv-stimer-direct,.*hv-tlbflush-ext,hv-ipi,hv-xmm-input$/,
    ],
    ['UTC', {}, '-rtc', /^base=utc$/],
    ['local time for Windows', { guestOs: 'win2k25' }, '-rtc', /^base=localtime,driftfix=slew$/],
    ['local time because it is said', { clock: 'local' }, '-rtc', /^base=localtime$/],
    [
      'UTC for Windows that was told so',
      { guestOs: 'win11', clock: 'utc' },
      '-rtc',
      /^base=utc,driftfix=slew$/,
    ],
    ['q35', {}, '-machine', /^q35,hpet=off,vmport=off,dump-guest-core=off$/],
    [
      'SMM for Secure Boot',
      { boot: { ...uefi, secureBoot: true } },
      '-machine',
      /^q35,.*pflash0=firmware,pflash1=firmware-vars,smm=on$/,
    ],
    ['no SMM without', { boot: uefi }, '-machine', /^q35,(?!.*smm).*pflash0=firmware,pflash1=firmware-vars$/],
    [
      'variables only for SMM',
      { boot: { ...uefi, secureBoot: true } },
      '-global',
      /^driver=cfi\.pflash01,property=secure,value=on$/,
    ],
    ['shared memory for shares', { shares: [{ tag: 't', path: '/p' }] }, '-machine', /memory-backend=ram/],
    [
      'shared memory of the right size',
      { shares: [{ tag: 't', path: '/p' }] },
      '-object',
      /memory-backend-memfd.*"size":1073741824,"share":true/,
    ],
    [
      'a kernel with its arguments untouched',
      { boot: { type: 'kernel', kernel: 'k/a,b', commandLine: 'x=1,2' } },
      '-append',
      /^x=1,2$/,
    ],
    [
      'a kernel in the folder of the machine',
      { boot: { type: 'kernel', kernel: 'k/a,b' } },
      '-kernel',
      /^\/home\/ann\/.*\/k\/a,b$/,
    ],
    [
      'the display on a socket',
      {},
      '-vnc',
      /^unix:\/run\/user\/1000\/phyllome\/6f1c2b3a\/display,share=force-shared$/,
    ],
    [
      'a log of the serial port',
      {},
      '-chardev',
      /^pipe,id=serial,.*logfile=\/home\/ann.*serial\.log,logappend=on$/,
    ],
    [
      'the sandbox',
      {},
      '-sandbox',
      /^on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny$/,
    ],
    ['a guest that ends leaves its VMM', {}, '-action', /^shutdown=pause,panic=pause$/],
  ])('%s', ([, draft, option, pattern]) => {
    expect(valuesOf(planOf(draft), option)).toContainEqual(expect.stringMatching(pattern));
  });

  test('no sandbox is no secret', () => {
    const { answers } = report();
    const without = planOf({}, report('x86_64', { answers: { ...answers, sandbox: false } }));
    expect(valuesOf(without, '-sandbox')).toEqual([]);
    expect(without.decisions).toContainEqual({
      what: 'sandbox: none',
      why: expect.stringContaining('seccomp'),
    });
  });

  test.for([
    ['x86_64', 'max,la57=off'],
    ['aarch64', 'max,pauth-impdef=on,lpa2=off'],
    ['riscv64', 'max'],
  ] as const)('the processor under TCG: %s', ([architecture, cpu]) => {
    const boot = { type: 'kernel', kernel: 'k' };
    expect(valuesOf(planOf({ architecture, boot }, tcgReport(architecture)), '-cpu')).toEqual([cpu]);
  });

  test('what was decided is told', () => {
    const whats = planOf({ boot: uefi, nics: [{ type: 'user' }], memory: 1_073_741_825 }).decisions.map(
      ({ what }) => what,
    );
    expect(whats).toEqual([
      'accelerator: kvm',
      'memory: 1025 MiB',
      'firmware: /fw/CODE_4M.plain.fd',
      'network: passt',
    ]);
  });

  test('a clipboard only where there is a screen, the wish for it, and a QEMU that has it', () => {
    expect(chardevs({})).toEqual(['qemu-vdagent,id=clipboard,clipboard=on,mouse=off']);
    expect(chardevs({ clipboard: false })).toEqual([]);
    expect(chardevs({ display: { type: 'none' } })).toEqual([]);
    expect(chardevs({}, { chardevs: ['socket'] })).toEqual([]);
    const without = planOf({}, report('x86_64', { answers: { ...report().answers, chardevs: [] } }));
    expect(without.decisions).toContainEqual({
      what: 'clipboard: none',
      why: expect.stringContaining('was built without qemu-vdagent') as unknown,
    });
    // Its port needs the controller, also where there is no agent beside it.
    expect(jsonOf(planOf({ agent: false }), '-device', 'ports')).toBeDefined();
    expect(jsonOf(planOf({ agent: false, clipboard: false }), '-device', 'ports')).toBeUndefined();
  });

  test('endpoints are null where the machine has none', () => {
    const bare = planOf({ serialPorts: 0, agent: false, display: { type: 'none' } });
    expect(bare.endpoints).toEqual({
      control: `${somePaths.run}/control`,
      serial: null,
      display: null,
      agent: null,
    });
    expect(bare.serialLog).toBeNull();
    expect(valuesOf(bare, '-vnc')).toEqual([]);
  });

  test('the lock is taken before anything else', () => {
    const { command } = planOf({}).process;
    const head = ['/usr/bin/flock', '--no-fork', '--exclusive', '--nonblock', '--conflict-exit-code', '75'];
    expect(command.slice(0, 8)).toEqual([
      ...head,
      `${somePaths.machine}/lock`,
      '/usr/bin/qemu-system-x86_64',
    ]);
  });

  test('a run folder too long for sockets is refused, not cut', () => {
    const run = `/run/${'x'.repeat(100)}`;
    expect(() => plan(machine(), report(), { ...somePaths, run })).toThrow(PhyllomeError);
  });
});

const blockNode = (discard: string) =>
  jsonOf(planOf({ disks: [{ file: 'a', format: 'raw', discard }] }), '-blockdev', 'disk0');

describe('disks', () => {
  test.for([
    ['virtio', 'virtio-blk-pci', { bus: 'port0', werror: 'stop', rerror: 'stop' }],
    ['scsi', 'scsi-hd', { bus: 'scsi.0', 'scsi-id': 0, rotation_rate: 1 }],
    ['nvme', 'nvme', { bus: 'port0', serial: '6f1c2b3a-0' }],
    ['sata', 'ide-hd', { bus: 'ide.0', rotation_rate: 1 }],
    ['usb', 'usb-storage', { bus: 'usb.0' }],
  ] as const)('%s', ([bus, driver, place]) => {
    const made = planOf({ disks: [{ file: 'a', format: 'raw', bus }] });
    expect(jsonOf(made, '-device', 'disk0')).toMatchObject({
      driver,
      drive: 'disk0',
      bootindex: 0,
      ...place,
    });
  });

  test.for([
    ['writeback', { direct: false, 'no-flush': false }, 'on'],
    ['none', { direct: true, 'no-flush': false }, 'on'],
    ['writethrough', { direct: false, 'no-flush': false }, 'off'],
    ['unsafe', { direct: false, 'no-flush': true }, 'on'],
  ] as const)('cache %s', ([cache, node, writeCache]) => {
    const made = planOf({ disks: [{ file: 'a', format: 'qcow2', cache }] });
    const found = jsonOf(made, '-blockdev', 'disk0');
    expect(found).toMatchObject({
      driver: 'qcow2',
      cache: node,
      file: { driver: 'file', locking: 'on', cache: node },
    });
    expect(jsonOf(made, '-device', 'disk0')).toMatchObject({ 'write-cache': writeCache });
  });

  test('space the guest frees is given back, or not', () => {
    expect(blockNode('unmap')).toMatchObject({
      discard: 'unmap',
      'detect-zeroes': 'unmap',
      file: { discard: 'unmap' },
    });
    expect(blockNode('ignore')).toMatchObject({ discard: 'ignore', file: { discard: 'ignore' } });
    expect(blockNode('ignore')).not.toHaveProperty('detect-zeroes');
  });

  test('SATA goes on to a second controller; boards without a built-in one get their first', () => {
    const disks = Array.from({ length: 7 }, (_, index) => ({ file: `${index}`, format: 'raw', bus: 'sata' }));
    const pc = planOf({ disks });
    expect(jsonOf(pc, '-device', 'disk5')).toMatchObject({ bus: 'ide.5' });
    expect(jsonOf(pc, '-device', 'disk6')).toMatchObject({ bus: 'sata1.0' });
    expect(jsonOf(pc, '-device', 'sata1')).toMatchObject({ driver: 'ich9-ahci', addr: '0x18' });
    const boot = { type: 'kernel', kernel: 'k' };
    const virt = planOf({ architecture: 'aarch64', boot, disks: disks.slice(0, 1) });
    expect(jsonOf(virt, '-device', 'disk0')).toMatchObject({ bus: 'sata1.0' });
    expect(jsonOf(virt, '-device', 'sata1')).toMatchObject({ driver: 'ich9-ahci' });
  });

  test('drives: a disc is read-only and raw, an empty drive has none', () => {
    const made = planOf({
      removable: [
        { type: 'cdrom', file: '/i,1.iso' },
        { type: 'cdrom', bus: 'usb' },
      ],
    });
    expect(jsonOf(made, '-blockdev', 'removable0')).toMatchObject({
      driver: 'raw',
      'read-only': true,
      file: { filename: '/i,1.iso' },
    });
    expect(jsonOf(made, '-device', 'removable0')).toMatchObject({ driver: 'ide-cd', drive: 'removable0' });
    expect(jsonOf(made, '-device', 'removable1')).toEqual({
      driver: 'scsi-cd',
      id: 'removable1',
      bootindex: 1,
      bus: 'removable1-usb.0',
    });
  });
});

const card = (draft: object) => jsonOf(planOf(draft), '-device', 'nic0');

describe('network', () => {
  const forwards = [
    { hostPort: 2222, guestPort: 22 },
    { protocol: 'udp', hostAddress: '0.0.0.0', hostPort: 53, guestPort: 5353 },
  ];

  test('passt, with the forwards in its arguments', () => {
    const made = planOf({ nics: [{ type: 'user', forwards }] });
    expect(made.helpers).toHaveLength(1);
    const [passt] = made.helpers;
    expect(passt).toMatchObject({ name: 'passt-0', ready: `${somePaths.run}/passt-0` });
    expect(passt?.command).toEqual(expect.arrayContaining(['127.0.0.1/2222:22', '0.0.0.0/53:5353']));
    expect(jsonOf(made, '-netdev', 'net0')).toEqual({
      type: 'stream',
      id: 'net0',
      server: false,
      addr: { type: 'unix', path: `${somePaths.run}/passt-0` },
    });
  });

  test('a bridge of this PC, by a cable that root makes', () => {
    const draft = { nics: [{ type: 'user' }, { type: 'bridge', bridge: 'br0' }] };
    const made = planOf(draft);
    const tap = made.cables?.[0]?.tap ?? '';
    expect(tap).toMatch(/^phy-[0-9a-f]{8}-1$/);
    expect(made.cables).toEqual([{ tap, bridge: 'br0' }]);
    const expected = { type: 'tap', id: 'net1', ifname: tap, script: 'no', downscript: 'no' };
    expect(jsonOf(made, '-netdev', 'net1')).toEqual({ ...expected, vhost: true });
    const without = planOf(draft, report('x86_64', { vhostNet: false }));
    expect(jsonOf(without, '-netdev', 'net1')).toEqual({ ...expected, vhost: false });
    expect(planOf({ nics: [{ type: 'user' }] }).cables).toBeUndefined();
  });

  test("QEMU's own network where passt does not work, and why", () => {
    const made = planOf({ nics: [{ type: 'user', forwards }] }, report('x86_64', { passt: noPasst }));
    expect(made.helpers).toEqual([]);
    expect(jsonOf(made, '-netdev', 'net0')).toEqual({
      type: 'user',
      id: 'net0',
      hostfwd: [{ str: 'tcp:127.0.0.1:2222-:22' }, { str: 'udp:0.0.0.0:53-:5353' }],
    });
    expect(made.decisions).toContainEqual({ what: "network: QEMU's own", why: noPasst.reason });
  });

  test('a card keeps its place on the bus whatever disks there are', () => {
    const nics = [{ type: 'user' }, { type: 'none' }];
    const disks = [1, 2, 3].map((index) => ({ file: `${index}`, format: 'raw' }));
    for (const draft of [{ nics }, { nics, disks, vsock: { cid: 3 }, shares: [{ tag: 't', path: '/p' }] }]) {
      const made = planOf(draft);
      expect(jsonOf(made, '-device', 'nic0')).toMatchObject({ bus: 'port0' });
      expect(jsonOf(made, '-device', 'loose-nic1')).toMatchObject({ bus: 'port1', netdev: 'net1' });
    }
  });

  test('the ROM for network boot is only loaded when it is needed', () => {
    expect(card({ nics: [{ type: 'user' }] })).toMatchObject({ romfile: '' });
    expect(card({ nics: [{ type: 'user', bootIndex: 0 }] })).not.toHaveProperty('romfile');
    expect(card({ boot: uefi, nics: [{ type: 'user', bootIndex: 0 }] })).toMatchObject({
      romfile: '',
      bootindex: 0,
    });
  });
});

describe('helpers', () => {
  test('swtpm gets the folder of its state by the environment: it cannot read a comma', () => {
    const paths = { machine: '/data/a,b/m', run: '/run/r', logs: '/logs' };
    const made = plan(machine({ tpm: 'emulated' }), report(), paths);
    const environment = ['/usr/bin/env', '--chdir=/run/r', 'TPM_PATH=/data/a,b/m/tpm'];
    const rest = ['socket', '--tpm2', '--ctrl', 'type=unixio,path=/run/r/tpm,mode=0600', '--terminate'];
    expect(made.helpers[0]?.command).toEqual([...environment, '/usr/bin/swtpm', ...rest]);
    expect(made.directories).toContain('/data/a,b/m/tpm');
    const odd = plan(machine({ tpm: 'emulated' }), report(), { ...paths, run: '/run/a,b' });
    expect(odd.helpers[0]?.command).toContain('type=unixio,path=tpm,mode=0600');
  });

  test('shares that cannot be had are left out of the plan', () => {
    const shares = [
      { tag: 'a', path: '/a', readOnly: true },
      { tag: 'b', path: '/b' },
    ];
    const made = planOf({ shares }, report('x86_64', { virtiofsd: { current: true, readOnly: false } }));
    expect(made.helpers.map(({ name }) => name)).toEqual(['share0']);
    expect(jsonOf(made, '-device', 'fs0')).toMatchObject({ tag: 'b', chardev: 'share0' });
  });
});

test('whatever people write stays one argument, and JSON stays JSON', () => {
  const calm = hostile('calm', 'calm', 'calm');
  const count = plan(calm, report(), somePaths).process.command.length;
  const nasty = fc.string({
    unit: fc.constantFrom(',', '"', "'", '\\', '=', ' ', '{', '}', '%', 'ü', '🐧', '\n', '-', 'a'),
    minLength: 1,
  });
  const folder = nasty.map((text) => text.replaceAll('\n', '').slice(0, 20));
  fc.assert(
    fc.property(nasty, nasty, nasty, folder, (name, file, path, place) => {
      const paths = { machine: `/m/${place}`, run: `/r/${place}`, logs: `/l/${place}` };
      const { process } = plan(hostile(name, file, path), report(), paths);
      expect(process.command).toHaveLength(count);
      process.command.forEach((value, index) => {
        if (inJson.has(process.command[index - 1] ?? '')) JSON.parse(value);
      });
      // Commas that are not doubled separate what we wrote: an odd number of them cannot come from a user.
      const [guest = ''] = process.command.filter((_, index) => process.command[index - 1] === '-name');
      expect(guest.replaceAll(',,', '').split(',')).toHaveLength(2);
    }),
  );
});

const inJson = new Set(['-device', '-blockdev', '-netdev', '-object', '-audiodev']);

/** A definition with texts of a user in every place; past the checks, which would refuse some of them. */
function hostile(name: string, file: string, path: string): MachineDefinition {
  const boot = { type: 'kernel' as const, kernel: `/${file}`, initrd: `/${path}`, commandLine: name };
  const base = machine({
    tpm: 'emulated',
    nics: [{ type: 'user' }],
    sound: 'hda',
    disks: [{ file: 'disks/x', format: 'raw' }],
    removable: [{ type: 'cdrom', file: 'x' }],
    shares: [{ tag: 't', path: '/' }],
  });
  return {
    ...base,
    name,
    boot,
    disks: base.disks.map((disk) => ({ ...disk, file })),
    removable: base.removable.map((drive) => ({ ...drive, file: path })),
    shares: base.shares.map((share) => ({ ...share, path })),
  };
}
