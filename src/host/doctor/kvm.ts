// SPDX-License-Identifier: Apache-2.0
//
// Can guests run on the processor itself? One cause is named, the first that explains what was seen: nobody is told
// about permissions of a device that does not exist.
import type { Finding } from '../../contract/doctor.ts';
import type { HostReport } from '../../contract/host.ts';
import { atLeastRelease } from '../kernel-version.ts';
import {
  deviceEvidence,
  deviceOf,
  finding,
  kvmCauses,
  moduleEvidence,
  moduleRuns,
  ownVerdict,
  seen,
  type Check,
} from './finding.ts';
import { absentKvm } from './kvm-absent.ts';
import { closedKvm } from './kvm-closed.ts';
import { insideVm } from './virtual.ts';

export const checkKvm: Check = (report) => {
  const state = kvmState(report);
  const virtual = report.virtualised.hypervisor === null ? [] : [insideVm(report, state === 'works')];
  switch (state) {
    case 'works':
      return [...virtual, ...workingKvm(report)];
    case 'untried':
      return [...virtual, untried(report), ...lessThanBest(report)];
    case 'absent':
      return [...virtual, ...absentKvm(report), emulated(report)];
    case 'closed':
      return [...virtual, closedKvm(report), emulated(report)];
    case 'broken':
      return [...virtual, ...brokenKvm(report), emulated(report)];
  }
};

type State = 'works' | 'untried' | 'absent' | 'closed' | 'broken';

function kvmState(report: HostReport): State {
  const device = deviceOf(report, '/dev/kvm');
  const verdict = ownVerdict(report);
  if (verdict?.accelerator === 'kvm') return 'works';
  // A node without a driver behind it: ENXIO, ENODEV.
  if (device?.exists !== true || /^(?:ENXIO|ENODEV|ENOENT)$/.test(device.errorCode ?? '')) return 'absent';
  if (!device.usable) return 'closed';
  const untold =
    verdict === undefined || verdict.reason === 'kvm-unproven' || verdict.reason === 'probe-failed';
  return untold ? 'untried' : 'broken';
}

function emulated(report: HostReport): Finding {
  return finding({
    id: 'guests-emulated',
    severity: 'problem',
    title: 'Guests run slowly: their processor is emulated.',
    explanation:
      'Without KVM every instruction of a guest is translated by QEMU (TCG). Everything works, but ten to fifty times slower.',
    evidence: [seen('accelerator', ownVerdict(report)?.reason ?? null), deviceEvidence(report, '/dev/kvm')],
    causedBy: [...kvmCauses],
  });
}

function workingKvm(report: HostReport): Finding[] {
  const verdict = ownVerdict(report);
  const works = finding({
    id: 'kvm-works',
    severity: 'good',
    title: 'Guests run on the processor itself (KVM).',
    explanation: verdict?.explanation ?? 'KVM works.',
    evidence: [
      deviceEvidence(report, '/dev/kvm'),
      seen(
        'test guest',
        verdict === undefined ? null : verdict.evidence.steps.join(', ') || 'ran to its end',
      ),
    ],
  });
  return [works, ...lessThanBest(report), ...beside(report)];
}

function untried(report: HostReport): Finding {
  const verdict = ownVerdict(report);
  return finding({
    id: 'kvm-untried',
    severity: 'advice',
    title: 'KVM is there; whether it can run guests has not been tried.',
    explanation:
      verdict?.explanation ??
      'Without QEMU no test guest can run. /dev/kvm can be opened, which on most PCs is all that is needed.',
    evidence: [deviceEvidence(report, '/dev/kvm')],
    causedBy: verdict === undefined ? ['vmm-missing'] : [],
  });
}

// What KVM could do better here.
function lessThanBest(report: HostReport): Finding[] {
  const { virtualization } = report.cpu;
  const findings: Finding[] = [];
  if (virtualization.secondGeneration === false) {
    const name = virtualization.extension === 'svm' ? 'NPT' : 'EPT';
    findings.push(
      finding({
        id: 'no-second-generation',
        severity: 'warning',
        title: `The processor has virtualisation of the first generation only (no ${name}).`,
        explanation:
          'KVM has to follow every change of the memory tables of a guest. Guests work, but those that start many programs are slow, and Windows 10 and 11 suffer most.',
        evidence: [seen('/proc/cpuinfo', `flag ${virtualization.extension} without ${name.toLowerCase()}`)],
        next: [
          'Nothing can be switched on for this: only a newer processor has it (Intel since 2008, AMD since 2007).',
        ],
      }),
    );
  }
  if (virtualization.nested === false) {
    const module = virtualization.extension === 'svm' ? 'kvm_amd' : 'kvm_intel';
    findings.push(
      finding({
        id: 'nested-off',
        severity: 'advice',
        title: 'Guests cannot run guests of their own.',
        explanation:
          'Nested virtualisation is off. WSL 2, the Android emulator, Docker Desktop and the protections of Windows 11 (VBS) need it inside a guest.',
        evidence: [seen(`/sys/module/${module}/parameters/nested`, 'off')],
        next: [`Write "options ${module} nested=1" to /etc/modprobe.d/phyllome-nested.conf and restart.`],
        fix: 'nested-kvm',
      }),
    );
  }
  return findings;
}

// From 6.12 on KVM claims the processor when its module is loaded, not when the first guest starts.
function beside(report: HostReport): Finding[] {
  const claims = report.kernel === null ? null : atLeastRelease(report.kernel, '6.12');
  if (!moduleRuns(report, 'vboxdrv') || claims === false) return [];
  return [
    finding({
      id: 'virtualbox-beside-kvm',
      severity: 'advice',
      title: 'VirtualBox is installed beside KVM: they cannot both have the processor.',
      explanation:
        'Kernels since 6.12 give the processor to KVM as soon as its module is loaded. Machines of VirtualBox before 7.2.10 then refuse to start (VERR_VMX_IN_VMX_ROOT_MODE).',
      evidence: [moduleEvidence(report, 'vboxdrv'), seen('/proc/sys/kernel/osrelease', report.kernel)],
      next: [
        'Update VirtualBox to 7.2.10 or later, which works beside KVM, and remove kvm.enable_virt_at_load=0 if it was set for an older one.',
      ],
    }),
  ];
}

function brokenKvm(report: HostReport): Finding[] {
  const verdict = ownVerdict(report);
  const rival = moduleRuns(report, 'vboxdrv') ? 'VirtualBox' : moduleRuns(report, 'vmmon') ? 'VMware' : null;
  if (rival !== null && verdict?.reason === 'kvm-start-failed') {
    return [
      finding({
        id: 'other-hypervisor',
        severity: 'problem',
        title: `${rival} holds the processor.`,
        explanation: `Only one hypervisor can use the processor at a time. KVM said no to a test guest while the module of ${rival} is loaded.`,
        evidence: [
          moduleEvidence(report, rival === 'VirtualBox' ? 'vboxdrv' : 'vmmon'),
          ...verdict.evidence.messages.slice(0, 3).map((message) => seen('QEMU', message)),
        ],
        next: [
          `Shut down all machines of ${rival}, then run "phyllome doctor" again.`,
          `If that is not enough: sudo modprobe -r ${rival === 'VirtualBox' ? 'vboxnetadp vboxnetflt vboxdrv' : 'vmmon'}`,
        ],
      }),
    ];
  }
  const { evidence } = verdict ?? {};
  return [
    finding({
      id: 'kvm-broken',
      severity: 'problem',
      title: 'KVM is there, but cannot run guests.',
      explanation: verdict?.explanation ?? 'A test guest failed.',
      evidence: [
        deviceEvidence(report, '/dev/kvm'),
        seen(
          'test guest',
          `${verdict?.reason}: did ${evidence?.steps.join(', ') || 'nothing'}; missed ${evidence?.missing ?? 'its end'}`,
        ),
        ...(evidence?.messages ?? []).slice(0, 3).map((message) => seen('QEMU', message)),
      ],
      next:
        report.virtualised.hypervisor === null
          ? [
              'See what the kernel says: sudo dmesg | grep -i kvm',
              'Update the kernel and the firmware of the board.',
            ]
          : [],
      causedBy: ['inside-vm'],
    }),
  ];
}
