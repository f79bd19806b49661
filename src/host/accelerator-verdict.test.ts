// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { Value } from 'typebox/value';
import { AcceleratorVerdict } from '../contract/host.ts';
import { payloadFor } from './accelerator-payload.ts';
import type { Trial } from './accelerator-trial.ts';
import { foreignVerdict, judgeTrial } from './accelerator-verdict.ts';
import type { Payload } from './payload.ts';

const payload = payloadFor('x86_64') as Payload;
const judge = (trial: Partial<Trial>): AcceleratorVerdict =>
  judgeTrial('x86_64', payload, {
    steps: payload.steps.length,
    end: 'exit',
    exitCode: payload.exitCode,
    signal: null,
    messages: [],
    milliseconds: 80,
    ...trial,
  });

describe('the verdict on a trial', () => {
  test('a guest that did everything proves KVM', () => {
    expect(judge({})).toMatchObject({ accelerator: 'kvm', reason: 'kvm-works', evidence: { missing: null } });
  });

  test('the right exit code without the steps proves nothing', () => {
    expect(judge({ steps: 8 })).toMatchObject({ accelerator: 'tcg', reason: 'kvm-guest-failed' });
  });

  test('all steps without the exit code prove nothing', () => {
    expect(judge({ exitCode: 0 })).toMatchObject({ accelerator: 'tcg', reason: 'kvm-guest-failed' });
  });

  test('an error inside KVM is named with the place where it happened', () => {
    const messages = ['KVM internal error. Suberror: 1', 'emulation failure'];
    const verdict = judge({ steps: 4, end: 'internal-error', exitCode: null, messages });
    expect(verdict).toMatchObject({
      reason: 'kvm-guest-failed',
      evidence: { missing: 'floating point and SSE2', messages },
    });
    expect(verdict.explanation).toContain('failed after 64-bit arithmetic, at floating point and SSE2');
    expect(verdict.explanation).toContain('It said: KVM internal error. Suberror: 1; emulation failure.');
    expect(verdict.explanation).toContain('TCG');
  });

  test('standing still is a hang', () => {
    const verdict = judge({ steps: 0, end: 'silence', exitCode: null });
    expect(verdict).toMatchObject({ accelerator: 'tcg', reason: 'kvm-hangs', evidence: { steps: [] } });
    expect(verdict.explanation).toContain('stood still before its first sign of life');
  });

  test('a VMM that dies of a signal has aborted', () => {
    const messages = ['error: failed to set MSR 0x10a to 0x0'];
    const verdict = judge({ steps: 0, exitCode: null, signal: 'SIGABRT', messages });
    expect(verdict).toMatchObject({
      accelerator: 'tcg',
      reason: 'kvm-aborts',
      evidence: { signal: 'SIGABRT' },
    });
    expect(verdict.explanation).toContain('0x10a');
  });

  test('a VMM that says no before the guest ran could not start', () => {
    const verdict = judge({
      steps: 0,
      exitCode: 1,
      messages: ['ioctl(KVM_CREATE_VM) failed: 16 Device or resource busy'],
    });
    expect(verdict.reason).toBe('kvm-start-failed');
    expect(verdict.explanation).toContain('VirtualBox');
  });

  test('a VMM that cannot be executed says nothing about KVM', () => {
    const verdict = judge({
      steps: 0,
      end: 'not-executed',
      exitCode: null,
      messages: ['spawn /nowhere ENOENT'],
    });
    expect(verdict).toMatchObject({ accelerator: 'tcg', reason: 'probe-failed' });
  });

  test('every verdict has the shape of the contract', () => {
    const verdicts = [judge({}), judge({ steps: 2, end: 'silence' }), foreignVerdict('aarch64', 'x86_64')];
    expect(verdicts.every((verdict) => Value.Check(AcceleratorVerdict, verdict))).toBe(true);
  });
});
