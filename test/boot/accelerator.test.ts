// SPDX-License-Identifier: Apache-2.0
//
// The test guests of the accelerator probe, run for real. Under TCG they must do everything: a guest with a mistake of
// its own would take KVM away from everybody.
import { describe, expect, test } from 'vitest';
import type { Architecture } from '../../src/contract/machine.ts';
import { probeAccelerator } from '../../src/host/accelerator.ts';
import { payloadFor } from '../../src/host/accelerator-payload.ts';
import { tryPayload } from '../../src/host/accelerator-trial.ts';
import { hostArchitecture } from '../../src/host/architecture.ts';
import { findBinary } from '../../src/host/binaries.ts';
import type { Payload } from '../../src/host/payload.ts';

const binaryFor = (architecture: Architecture): string =>
  findBinary(`qemu-system-${architecture}`) ?? 'not installed';

describe('the test guest', () => {
  test.each(['x86_64', 'aarch64'] as const)('of %s does everything under TCG', async (architecture) => {
    const payload = payloadFor(architecture) as Payload;
    const patience = { first: 30_000, next: 30_000 };
    const trial = await tryPayload({
      binary: binaryFor(architecture),
      payload,
      accelerator: 'tcg',
      patience,
    });
    expect(trial).toMatchObject({
      steps: payload.steps.length,
      end: 'exit',
      exitCode: payload.exitCode,
      signal: null,
      messages: [],
    });
  });
});

test('the probe comes to a verdict on this PC, whatever its /dev/kvm is worth', async () => {
  const architecture = hostArchitecture() ?? 'x86_64';
  const verdict = await probeAccelerator({ binary: binaryFor(architecture), architecture });
  expect(verdict.accelerator).toBe(verdict.reason === 'kvm-works' ? 'kvm' : 'tcg');
  expect(verdict.reason).not.toBe('probe-failed');
  expect(verdict.explanation).toMatch(/KVM|\/dev\/kvm/);
});
