// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { deviceProblem, kvmDeviceProblem, type DeviceFacts } from './accelerator-device.ts';

const fixtures = join(import.meta.dirname, 'fixtures');
const node = { group: 'kvm', mode: 0o20660, memberOnPaper: false };
const problem = (facts: Partial<DeviceFacts>) =>
  deviceProblem({ errorCode: 'EACCES', node, user: 'ada', flags: [], ...facts });

describe('why /dev/kvm cannot be opened', () => {
  test('not in the group: how to join it', () => {
    expect(problem({})).toMatchObject({ reason: 'kvm-no-permission' });
    expect(problem({}).explanation).toContain('sudo usermod -aG kvm ada');
  });

  test('joined, but the session is older', () => {
    const { explanation } = problem({ node: { ...node, memberOnPaper: true } });
    expect(explanation).toContain('Log out and in again');
    expect(explanation).not.toContain('usermod');
  });

  test('nobody but root may: joining its group would not be an advice to give', () => {
    for (const only of [
      { ...node, mode: 0o20600 },
      { ...node, group: 'root' },
    ]) {
      const { explanation } = problem({ node: only });
      expect(explanation).toContain('sudo setfacl -m u:ada:rw /dev/kvm');
      expect(explanation).not.toContain('usermod');
    }
  });

  test('forbidden as in a container', () => {
    expect(problem({ errorCode: 'EPERM' })).toMatchObject({ reason: 'kvm-no-permission' });
    expect(problem({ errorCode: 'EPERM' }).explanation).toContain('--device /dev/kvm');
  });

  test.each([
    ['a module is missing on Intel', ['vmx'], 'modprobe kvm_intel'],
    ['a module is missing on AMD', ['svm'], 'modprobe kvm_amd'],
    ['a virtual machine without nesting', ['hypervisor'], 'nested virtualisation'],
    ['switched off in the BIOS', ['fpu'], 'SVM mode'],
  ])('absent: %s', (_, flags, words) => {
    const absent = problem({ errorCode: 'ENOENT', node: null, flags });
    expect(absent.reason).toBe('kvm-absent');
    expect(absent.explanation).toContain(words);
  });

  test('a node without a driver behind it is as good as none', () => {
    expect(problem({ errorCode: 'ENODEV' }).reason).toBe('kvm-absent');
  });

  test('anything else is told as it is', () => {
    expect(problem({ errorCode: 'EMFILE' })).toMatchObject({ reason: 'kvm-start-failed' });
    expect(problem({ errorCode: 'EMFILE' }).explanation).toContain('EMFILE');
  });

  test('is read from the PC: a laptop with AMD-V and no module loaded', async () => {
    const found = await kvmDeviceProblem(join(fixtures, 'laptop'));
    expect(found?.explanation).toContain('modprobe kvm_amd');
  });
});
