// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { examineDefinition, migrate, parseDefinition } from './definition.ts';
import { PhyllomeError } from './errors.ts';
import { MachineDefinition } from './machine.ts';
import { completeValue, problemText } from './validate.ts';

const base = {
  formatVersion: 1,
  id: '6f1c2b3a-1111-4111-8111-111111111111',
  name: 'tiny',
  architecture: 'x86_64',
  memory: '512MiB',
  boot: { type: 'uefi' },
};

function problemsOf(changes: object): string[] {
  return examineDefinition({ ...base, ...changes }).problems.map(problemText);
}

test('defaults are filled in and sizes become bytes', () => {
  const definition = parseDefinition({
    ...base,
    disks: [{ file: 'disks/a.qcow2', format: 'qcow2', size: '1.5G' }],
  });
  expect(definition.memory).toBe(512 * 2 ** 20);
  expect(definition.boot).toEqual({ type: 'uefi', secureBoot: false });
  expect(definition.cpu).toEqual({ vcpus: 2 });
  expect(definition.disks[0]).toEqual({
    file: 'disks/a.qcow2',
    format: 'qcow2',
    size: 1.5 * 2 ** 30,
    bus: 'virtio',
    cache: 'writeback',
    discard: 'unmap',
    readOnly: false,
  });
  expect(Value.Check(MachineDefinition, definition)).toBe(true);
});

describe('a mistake is named with its place, what was found and what is allowed', () => {
  test.each<[object, string]>([
    [{ colour: 'red' }, 'colour: found an unknown key; allowed: only formatVersion, id, name'],
    [{ memory: '4GB' }, 'memory: found "4GB"; allowed: a size such as 512MiB or 4GiB from 16MiB to 64TiB'],
    [{ memory: 1 }, 'memory: found 1; allowed: a size such as 512MiB or 4GiB from 16MiB to 64TiB'],
    [{ cpu: { vcpus: 0 } }, 'cpu.vcpus: found 0; allowed: a whole number from 1 to 512'],
    [{ cpu: { vcpus: '2' } }, 'cpu.vcpus: found "2"; allowed: a whole number from 1 to 512'],
    [
      { cpu: { vcpus: 4, topology: { sockets: 1, cores: 3, threads: 1 } } },
      'cpu.topology: found 3 processors',
    ],
    [
      { boot: { type: 'efi' } },
      'boot: found {"type":"efi"}; allowed: a group of keys with type: uefi, bios, kernel',
    ],
    [{ boot: { type: 'kernel' } }, 'boot.kernel: found nothing; allowed: a text (Linux kernel image'],
    [{ boot: 'uefi' }, 'boot: found "uefi"; allowed: a group of keys with type: uefi, bios, kernel'],
    [{ architecture: 'aarch64', boot: { type: 'bios' } }, 'boot.type: found "bios"; allowed: uefi or kernel'],
    [{ architecture: 'sparc' }, 'architecture: found "sparc"; allowed: one of x86_64, aarch64, riscv64'],
    [{ disks: {} }, 'disks: found {}; allowed: a list'],
    [
      { disks: [{ file: '../x', format: 'raw' }] },
      'disks[0].file: found "../x"; allowed: a path in the folder',
    ],
    [
      { disks: [{ file: 'a', format: 'raw', bus: 'ide' }] },
      'disks[0].bus: found "ide"; allowed: one of virtio, scsi',
    ],
    [{ disks: [{ file: 'a\nb', format: 'raw' }] }, 'disks[0].file: found "a\\nb"; allowed: a text'],
    [{ nics: [{ type: 'bridge' }] }, 'nics[0].bridge: found nothing; allowed: a text (Bridge of this PC'],
    [{ nics: [{ type: 'user', mac: '01:00:00:00:00:00' }] }, 'nics[0].mac: found "01:00:00:00:00:00"'],
    [{ id: 'x' }, 'id: found "x"; allowed: a text'],
    [{ name: 'a/b' }, 'name: found it holds a "/"; allowed: 1 to 100 characters'],
    [{ formatVersion: '1' }, 'formatVersion: found "1"; allowed: 1'],
    [{ vmm: 'xen' }, 'vmm: found "xen"; allowed: one of auto, qemu, cloud-hypervisor, crosvm, firecracker'],
    [{ devices: [{ type: 'pci', address: '1:2' }] }, 'devices[0].address: found "1:2"'],
    [{ rng: 'yes' }, 'rng: found "yes"; allowed: true or false'],
  ])('%j', (changes, expected) => {
    const problems = problemsOf(changes);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(expected);
  });

  test('and so is every further one', () => {
    expect(problemsOf({ memory: 'x', rng: 1, disks: [{ file: '', format: 'iso' }] })).toHaveLength(4);
  });

  test.each([
    [
      { disks: [1, 2].map(() => ({ file: 'a', format: 'raw' })) },
      'disks[1]: found "a"; allowed: each only once',
    ],
    [
      { nics: [1, 2].map(() => ({ type: 'none', mac: '52:54:00:00:00:01' })) },
      'nics[1]: found "52:54:00:00:00:01"',
    ],
  ])('twice the same: %j', (changes, expected) => {
    expect(problemsOf(changes)[0]).toContain(expected);
  });
});

describe('what is no definition at all', () => {
  test.each([null, undefined, 1, 'text', [], [base]])('%j is refused', (value) => {
    expect(() => parseDefinition(value)).toThrow(PhyllomeError);
  });

  test('keys of the prototype are unknown keys', () => {
    expect(problemsOf(JSON.parse('{"__proto__": {"a": 1}, "constructor": 1}') as object)).not.toEqual([]);
  });
});

describe('formatVersion', () => {
  test('a later one is refused by name', () => {
    expect(() => parseDefinition({ ...base, formatVersion: 2 })).toThrow(
      /formatVersion 2; this Phyllome understands up to 1/,
    );
  });

  test('an older one is migrated step by step', () => {
    const steps = {
      1: (old: Record<string, unknown>) => ({ ...old, memory: `${String(old['ram'])}MiB`, ram: undefined }),
      2: (old: Record<string, unknown>) => ({ ...old, title: old['name'] }),
    };
    const migrated = migrate({ formatVersion: 1, name: 'a', ram: 512 }, steps, 3);
    expect(migrated).toEqual({ formatVersion: 3, name: 'a', title: 'a', memory: '512MiB', ram: undefined });
  });

  test('a version that nobody can migrate from is a mistake, not an exception', () => {
    expect(problemsOf({ formatVersion: 0 })).toEqual(['formatVersion: found 0; allowed: 1']);
  });
});

test('our verdict is that of the JSON Schema itself', () => {
  const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
  const group = fc.dictionary(
    fc.constantFrom('type', 'file', 'format', 'bus', 'mac', 'kernel', 'size', 'x'),
    scalar,
  );
  const wild = fc.oneof(scalar, group, fc.array(group, { maxLength: 3 }));
  const keys = Object.keys(MachineDefinition.properties);
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...keys, 'other'), wild), (changes) => {
      const { value, problems } = completeValue(MachineDefinition, { ...base, ...changes });
      // Unknown keys are reported and dropped, so they are looked for separately.
      const strange = problems.some(({ found }) => found === 'an unknown key');
      if (!strange) expect(Value.Check(MachineDefinition, value)).toBe(problems.length === 0);
    }),
    { numRuns: 300 },
  );
});
