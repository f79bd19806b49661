// SPDX-License-Identifier: Apache-2.0
//
// PCs that tell nothing, nonsense, or too much: the report is never an exception.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { HostReport } from '../contract/host.ts';
import { diagnose } from './doctor/diagnose.ts';
import { hostReport } from './host-report.ts';
import { readPciDevices } from './readers/pci.ts';
import { recordedPc, unpack } from './recorded-pc.ts';
import { openTree } from './tree.ts';

test('a PC that tells nothing: notes, and no findings made of guesses', async () => {
  const report = await hostReport('/nonexistent', '/nonexistent/root', [
    { purpose: 'machines', path: '/data' },
  ]);
  expect(Value.Check(HostReport, report)).toBe(true);
  expect(report.notes).toEqual([
    'The file systems could not be read: /proc/self/mountinfo is empty or missing.',
    'The model of the processor could not be read: /proc/cpuinfo does not say.',
    'The number of processors could not be read.',
    'The kernel release could not be read: there is no /proc/sys/kernel/osrelease.',
    'The distribution could not be read: there is no os-release file.',
    'The memory could not be read: /proc/meminfo has no MemTotal.',
  ]);
  const { tiers } = diagnose(report);
  expect(tiers.minimum.requirements.map(({ met }) => met)).toEqual([null, null, null, null, false]);
});

test('garbage in any file of a PC', async () => {
  using pc = recordedPc('server-numa-sev');
  // Programs are not what this is about, and starting them takes most of the time of a report.
  rmSync(join(pc.root, 'usr'), { recursive: true });
  const found = execFileSync('find', [pc.root, '-type', 'f'], { encoding: 'utf8' });
  const files = found.split('\n').filter((file) => file !== '');
  const garbage = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc
      .constantFrom('', '\n', '-', '0x', '0xzzzz', 'NaN', '18446744073709551615', ':\n:::', '\0\0')
      .map((text) => Buffer.from(text)),
    fc.string({ unit: 'binary', maxLength: 100 }).map((text) => Buffer.from(text)),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom(...files), garbage), { minLength: 1, maxLength: 30 }),
      async (writes) => {
        for (const [file, bytes] of writes) writeFileSync(file, bytes);
        const report = await pc.report();
        expect(Value.Check(HostReport, report)).toBe(true);
        diagnose(report);
      },
    ),
    { numRuns: 15 },
  );
});

test('devices that vanish while we look', async () => {
  using pc = unpack(
    Array.from({ length: 120 }, (_, index) => {
      const address = `0000:${(index >> 3).toString(16).padStart(2, '0')}:00.${index & 7}`;
      return `pci ${address} 8086:1521 020000 driver=igb group=${index}`;
    }).join('\n'),
  );
  const reading = readPciDevices(openTree(pc.root), {
    vendor: () => null,
    device: () => null,
    className: () => null,
  });
  // The reader lets others work after each 64 devices: then these go.
  rmSync(join(pc.root, 'sys/devices'), { recursive: true });
  const devices = await reading;
  expect(devices.length).toBeGreaterThan(0);
  expect(devices.length).toBeLessThan(120);
  expect(devices.every(({ vendorId }) => vendorId === '8086')).toBe(true);
});

test('a folder where a file should be, and a file where a folder should be', async () => {
  using pc = recordedPc('old-pc');
  rmSync(join(pc.root, 'proc/cpuinfo'));
  mkdirSync(join(pc.root, 'proc/cpuinfo'));
  rmSync(join(pc.root, 'sys/class/net'), { recursive: true });
  writeFileSync(join(pc.root, 'sys/class/net'), 'no folder');
  const report = await pc.report();
  expect(report.cpu).toMatchObject({ model: null, cores: 2 });
  expect(report.network).toEqual([]);
});

// How long 2,000 of them take is measured in bench/host.ts.
test('a server with many PCI devices', async () => {
  const lines = Array.from({ length: 120 }, (_, index) => {
    const address = `0001:${(index >> 3).toString(16).padStart(2, '0')}:00.${index & 7}`;
    return `pci ${address} 8086:154c 020000 driver=iavf group=${index >> 1}`;
  });
  using pc = unpack(lines.join('\n'));
  const report = await pc.report();
  expect(report.pciDevices).toHaveLength(120);
  expect(report.iommu).toMatchObject({ enabled: true, groups: 60 });
});
