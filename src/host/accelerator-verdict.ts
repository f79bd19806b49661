// SPDX-License-Identifier: Apache-2.0
//
// From what was observed to what we say about it. Pure.
import type { AcceleratorReason, AcceleratorVerdict } from '../contract/host.ts';
import type { Architecture } from '../contract/machine.ts';
import type { Trial } from './accelerator-trial.ts';
import type { Payload } from './payload.ts';

const untilThen =
  'Until then guests run on TCG, which emulates their processor: everything works, but slowly.';
const noEvidence: AcceleratorVerdict['evidence'] = {
  steps: [],
  missing: null,
  exitCode: null,
  signal: null,
  messages: [],
  milliseconds: 0,
};

/** A verdict that needed no test guest. */
export function verdictWithoutTrial(
  architecture: Architecture,
  reason: AcceleratorReason,
  finding: string,
  next = untilThen,
): AcceleratorVerdict {
  const explanation = `${finding} ${next}`;
  return {
    architecture,
    accelerator: 'tcg',
    reason,
    explanation,
    evidence: noEvidence,
    probedAt: new Date().toISOString(),
  };
}

/** /dev/kvm cannot be used: `problem` says why and what to do. */
export function verdictWithoutDevice(
  architecture: Architecture,
  problem: { reason: AcceleratorReason; explanation: string },
): AcceleratorVerdict {
  return verdictWithoutTrial(architecture, problem.reason, problem.explanation);
}

/** A guest for another processor than this PC's: only emulation can run it. */
export function foreignVerdict(architecture: Architecture, host: string): AcceleratorVerdict {
  const finding = `The guest is built for ${architecture}, and this PC has a processor of another kind (${host}).`;
  const next = 'Such guests run on TCG, which emulates their processor: everything works, but slowly.';
  return verdictWithoutTrial(architecture, 'foreign-architecture', finding, next);
}

/** What a trial under KVM proves. */
export function judgeTrial(architecture: Architecture, payload: Payload, trial: Trial): AcceleratorVerdict {
  const complete = trial.steps === payload.steps.length;
  const works = complete && trial.end === 'exit' && trial.exitCode === payload.exitCode;
  const { reason, explanation } = works ? success(trial) : failure(payload, trial);
  return {
    architecture,
    accelerator: works ? 'kvm' : 'tcg',
    reason,
    explanation,
    evidence: {
      steps: payload.steps.slice(0, trial.steps),
      missing: payload.steps[trial.steps] ?? null,
      exitCode: trial.exitCode,
      signal: trial.signal,
      messages: trial.messages,
      milliseconds: trial.milliseconds,
    },
    probedAt: new Date().toISOString(),
  };
}

interface Finding {
  reason: AcceleratorReason;
  explanation: string;
}

function success({ milliseconds }: Trial): Finding {
  return {
    reason: 'kvm-works',
    explanation: `KVM works: a test guest did everything it should in ${milliseconds} ms.`,
  };
}

function failure(payload: Payload, trial: Trial): Finding {
  const said = trial.messages.length === 0 ? '' : ` It said: ${trial.messages.slice(0, 3).join('; ')}.`;
  const finding = (reason: AcceleratorReason, text: string, next: string): Finding => {
    return { reason, explanation: `${text}${said} ${next} ${untilThen}` };
  };
  if (trial.end === 'not-executed') {
    const text = 'KVM could not be tried, because the VMM could not be executed.';
    return finding('probe-failed', text, 'Reinstalling the package of the VMM usually repairs it.');
  }
  if (trial.end === 'exit' && trial.steps === 0 && trial.exitCode === 1) {
    return finding(
      'kvm-start-failed',
      '/dev/kvm is there, but the VMM could not start a guest with it.',
      'Another hypervisor (VirtualBox, VMware) may hold the processor: end it. "sudo dmesg" may say more.',
    );
  }
  const next =
    'This is a fault of the kernel, or of the cloud or virtual machine that this system itself runs in: ' +
    'ask there for nested virtualisation, or use a PC with its own processor.';
  const where = placeOf(payload, trial);
  if (trial.end === 'silence') {
    return finding('kvm-hangs', `/dev/kvm is there, but a test guest stood still ${where}.`, next);
  }
  if (trial.signal !== null) {
    const text = `/dev/kvm is there, but the VMM died of ${trial.signal} when a test guest ran with it, ${where}.`;
    return finding('kvm-aborts', text, next);
  }
  return finding('kvm-guest-failed', `/dev/kvm is there, but a test guest failed ${where}.`, next);
}

function placeOf(payload: Payload, trial: Trial): string {
  const managed = payload.steps[trial.steps - 1];
  if (managed === undefined) return 'before its first sign of life';
  return `after ${managed}, at ${payload.steps[trial.steps] ?? 'its end'}`;
}
