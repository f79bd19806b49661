// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firecrackerApi, readApi } from '../testing-api.ts';
import { plan } from './plan.ts';
import { machine, planOf, report, requestOf, somePaths, withPasta } from './testing.ts';

const kernel = { type: 'kernel', kernel: 'kernel/vmlinux' };

describe('whole plans', () => {
  const goldens: Record<string, () => object> = {
    server: () =>
      planOf({
        cpu: { vcpus: 4 },
        memory: '2GiB',
        boot: { ...kernel, initrd: 'kernel/initrd', commandLine: 'root=/dev/vda1 quiet' },
        disks: [
          { file: 'disks/system.raw', format: 'raw', size: '8GiB' },
          { file: '/data/big "one".raw', format: 'raw', readOnly: true, cache: 'unsafe' },
        ],
        removable: [{ type: 'cdrom', file: '/isos/seed.iso' }, { type: 'cdrom' }],
        nics: [
          { type: 'none' },
          {
            type: 'user',
            forwards: [
              { hostPort: 2222, guestPort: 22 },
              { hostAddress: '0.0.0.0', hostPort: 8080, guestPort: 80 },
              { protocol: 'udp', hostAddress: '0.0.0.0', hostPort: 53, guestPort: 53 },
            ],
          },
        ],
        vsock: { cid: 7 },
      }),
    'one-command': () =>
      planOf({ boot: kernel, balloon: false, rng: false, serialPorts: 0, throwAway: true }),
    'by-root': () => planOf({ boot: kernel, nics: [{ type: 'user' }] }, withPasta({ asRoot: true })),
  };
  test.for(Object.entries(goldens))('%s', async ([name, make]) => {
    await expect(`${JSON.stringify(make(), null, 2)}\n`).toMatchFileSnapshot(`golden/${name}.plan`);
  });
});

test('the words of the user come last, and so count', () => {
  const bootOf = (commandLine: string) =>
    requestOf(planOf({ boot: { ...kernel, commandLine } }), '/boot-source');
  expect(bootOf('panic=0 "a b"')).toMatchObject({
    boot_args: 'console=ttyS0 reboot=k panic=1 panic=0 "a b"',
  });
  expect(bootOf('')).toMatchObject({ boot_args: 'console=ttyS0 reboot=k panic=1' });
});

test('two threads a core, where the definition says so', () => {
  const cpu = { vcpus: 4, topology: { sockets: 1, cores: 2, threads: 2 } };
  expect(requestOf(planOf({ cpu }), '/machine-config')).toEqual({
    vcpu_count: 4,
    mem_size_mib: 1024,
    smt: true,
  });
});

test('memory in whole MiB, which is told', () => {
  const odd = planOf({ memory: 1_073_741_825 });
  expect(requestOf(odd, '/machine-config')).toMatchObject({ mem_size_mib: 1025 });
  expect(odd.decisions).toContainEqual({ what: 'memory: 1025 MiB', why: expect.any(String) as string });
});

test('every forward goes to the guest where pasta can do that', () => {
  const nics = [{ type: 'user', forwards: [{ hostPort: 2222, guestPort: 22 }] }];
  const options = ['--no-splice', '--dns-host', '--dns-forward'];
  const pasta = planOf({ nics }, withPasta({ options })).helpers.find(({ name }) => name === 'pasta');
  expect(pasta?.command.join(' ')).toContain('--no-splice');
  expect(pasta?.command.join(' ')).toContain('--tcp-ports 127.0.0.1/2222:22');
});

test('what the user writes is one word of JSON, in requests that Firecracker knows', () => {
  const api = readApi(firecrackerApi);
  const path = fc
    .string({ minLength: 1, maxLength: 60, unit: 'grapheme' })
    .map((text) => text.replaceAll(/[\0\r\n]/g, '-'));
  fc.assert(
    fc.property(path, path, fc.integer({ min: 1, max: 32 }), fc.boolean(), (file, line, vcpus, readOnly) => {
      const made = planOf({
        cpu: { vcpus },
        boot: { ...kernel, kernel: `/${file}`, commandLine: line },
        disks: [{ file: `/${file}`, format: 'raw', readOnly }],
        nics: [{ type: 'user' }],
        vsock: { cid: 3 },
      });
      const requests = JSON.parse(JSON.stringify(made.requests)) as NonNullable<typeof made.requests>;
      for (const { method, path: where, body } of requests) api.checkRequest(method, where, body);
      expect(requestOf(made, '/drives/disk0')).toMatchObject({ is_root_device: false });
      expect((requestOf(made, '/boot-source') as { boot_args: string }).boot_args.endsWith(line)).toBe(true);
      expect(made.process.command.join('\n')).not.toContain(`/${file}\n`);
    }),
  );
});

test('a folder whose sockets could not be bound is refused', () => {
  const paths = { ...somePaths, run: `/run/${'x'.repeat(90)}` };
  expect(() => plan(machine(), report(), paths)).toThrow('too long');
});
