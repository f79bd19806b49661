// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { DoctorReport, Finding } from '../../contract/doctor.ts';
import { fakeService, phyllome } from '../testing.ts';
import { doctorLines } from './doctor-text.ts';
import { someHost } from './host-testing.ts';

const problem: Finding = {
  id: 'kvm-no-group',
  severity: 'problem',
  title: 'anna is not in the group kvm, which owns /dev/kvm.',
  explanation: 'KVM works for members of the group only.',
  evidence: [{ source: '/dev/kvm', value: 'evil\u001b[2J' }],
  next: ['sudo usermod -aG kvm anna', 'Log out and in again.'],
  causedBy: [],
  fix: 'kvm-group',
};
const symptom: Finding = {
  id: 'guests-emulated',
  severity: 'problem',
  title: 'Guests run slowly.',
  explanation: 'TCG.',
  evidence: [],
  next: ['One step.'],
  causedBy: ['kvm-no-group'],
  fix: null,
};
const tier = (met: boolean | null) => ({
  met,
  requirements: [
    { id: 'cores', text: '2 cores', met: true, found: '4 cores' },
    { id: 'disk', text: 'an SSD', met, found: 'something' },
  ],
});
const report = (findings: Finding[]): DoctorReport => ({
  findings,
  tiers: { minimum: tier(null), recommended: tier(false) },
  notes: ['/sys/x could not be read: no permission.'],
});

test('checklists, then findings with what led to them', () => {
  const lines = doctorLines(report([problem, symptom]), { style: (_, text) => text });
  expect(lines.join('\n')).toBe(String.raw`What Phyllome needs: as far as can be seen
  [x]  2 cores  4 cores
  [?]  an SSD   something

What makes it a pleasure: not all there
  [x]  2 cores  4 cores
  [ ]  an SSD   something

problem: anna is not in the group kvm, which owns /dev/kvm.  kvm-no-group
  KVM works for members of the group only.
    /dev/kvm: evil\x1b[2J
  1. sudo usermod -aG kvm anna
  2. Log out and in again.
  Phyllome can do it: phyllome doctor --fix kvm-group

problem: Guests run slowly.  guests-emulated
  TCG.
  Caused by: kvm-no-group
  Next: One step.

Notes
  /sys/x could not be read: no permission.

2 problems, 0 warnings, 0 pieces of advice.`);
});

describe('exit code', () => {
  test('4 when there is a problem, and nothing on standard error', async () => {
    await using service = await fakeService({ 'GET /doctor': () => report([problem]) });
    const { code, stdout, stderr } = await phyllome(service, ['doctor']);
    expect({ code, stderr }).toEqual({ code: 4, stderr: '' });
    expect(stdout).toContain('1 problem, 0 warnings');
    const asJson = await phyllome(service, ['doctor', '--json']);
    expect(asJson).toMatchObject({ code: 4, stderr: '' });
    expect(JSON.parse(asJson.stdout)).toEqual(report([problem]));
  });

  test('0 for warnings and advice', async () => {
    const warning = { ...problem, severity: 'warning' as const };
    await using service = await fakeService({ 'GET /doctor': () => report([warning]) });
    expect((await phyllome(service, ['doctor'])).code).toBe(0);
  });

  test('2 for a word that means nothing', async () => {
    await using service = await fakeService({});
    expect((await phyllome(service, ['doctor', 'kvm'])).code).toBe(2);
  });
});

describe('a report for others', () => {
  const shareable = { doctor: report([problem]), host: someHost };
  const answers = { 'GET /service': () => ({ version: '1.2.3' }), 'GET /doctor/shareable': () => shareable };

  test('is text on standard output', async () => {
    await using service = await fakeService(answers);
    const { code, stdout } = await phyllome(service, ['doctor', '--report']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Phyllome 1\.2\.3\n[\s\S]*kvm-no-group[\s\S]*A Processor/);
  });

  test('is text or JSON in a file, by its name', async () => {
    await using service = await fakeService(answers);
    const file = (name: string) => join(service.root, name);
    expect((await phyllome(service, ['doctor', '--report', 'pc.txt'])).stdout).toContain('pc.txt');
    await phyllome(service, ['doctor', '--report', 'pc.json']);
    expect(await readFile(file('pc.txt'), 'utf8')).toContain('kvm-no-group');
    expect(JSON.parse(await readFile(file('pc.json'), 'utf8'))).toEqual({ version: '1.2.3', ...shareable });
  });

  test('says why it could not be written', async () => {
    await using service = await fakeService(answers);
    const { code, stderr } = await phyllome(service, ['doctor', '--report', 'no/such/folder/pc.txt']);
    expect(code).toBe(1);
    expect(stderr).toContain('pc.txt');
  });
});
