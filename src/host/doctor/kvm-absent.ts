// SPDX-License-Identifier: Apache-2.0
//
// There is no /dev/kvm. Why?
import type { Finding } from '../../contract/doctor.ts';
import type { HostReport } from '../../contract/host.ts';
import { atLeastRelease } from '../kernel-version.ts';
import { deviceEvidence, finding, moduleEvidence, moduleIs, moduleRuns, seen } from './finding.ts';
import { firmwareSteps } from './firmware-steps.ts';
import { couldVirtualise } from './processor.ts';

/** The cause; none where the finding that this PC is a virtual machine says all. */
export function absentKvm(report: HostReport): Finding[] {
  const { architecture, virtualization } = report.cpu;
  if (architecture !== null && !['x86_64', 'aarch64', 'riscv64'].includes(architecture))
    return [foreign(report)];
  if (report.virtualised.xenHost) return [xenHost(report)];
  if (virtualization.extension !== null) return [withExtension(report, vendorModule(report))];
  if (architecture !== 'x86_64') return withoutFlags(report);
  if (report.virtualised.hypervisor !== null) return [];
  // Nothing was read of the processor: nothing can be said of it.
  if (report.cpu.model === null && report.cpu.vendor === null) return withoutFlags(report);
  const could = couldVirtualise(report);
  return [
    could === false || (could === null && old(report))
      ? cannot(report)
      : offInFirmware(report, could === null),
  ];
}

const vendorModule = ({ cpu }: HostReport): 'kvm_intel' | 'kvm_amd' =>
  cpu.virtualization.extension === 'svm' ? 'kvm_amd' : 'kvm_intel';

// Processors we do not know by name: those of 2009 and later have SSE 4.2 and more (level 2), and nearly all of them
// have virtualisation.
const old = ({ cpu }: HostReport): boolean => cpu.level === null || cpu.level === 'x86-64-v1';

function withExtension(report: HostReport, module: 'kvm_intel' | 'kvm_amd'): Finding {
  const { container } = report.virtualised;
  const state = moduleIs(report, module);
  if (moduleRuns(report, module))
    return container === null ? deviceMissing(report, module) : inContainer(report);
  if (container !== null && state === null) return inContainer(report);
  if (state === 'missing') return moduleMissing(report, module);
  // The kernel loads kvm together with the module for the processor. When only kvm stayed, the other refused; on
  // kernels that show the flag even so, that means the firmware.
  const hidesFlag =
    report.kernel === null ? null : atLeastRelease(report.kernel, module === 'kvm_intel' ? '5.6' : '6.7');
  if (moduleRuns(report, 'kvm') && hidesFlag === false) return offInFirmware(report, false);
  return finding({
    id: 'kvm-module-not-loaded',
    severity: 'problem',
    title: `The kernel module ${module} is not loaded.`,
    explanation: 'The processor can run guests, and the kernel has not been asked to use it.',
    evidence: [
      seen('/proc/cpuinfo', `flag ${report.cpu.virtualization.extension}`),
      moduleEvidence(report, module),
      deviceEvidence(report, '/dev/kvm'),
    ],
    next: [
      `sudo modprobe ${module}`,
      `If that is refused ("Operation not supported"), virtualisation is off in the firmware. ${firmwareSteps(report, 'processor').slice(0, 2).join(' ')}`,
      `If it is refused otherwise: grep -r ${module} /etc/modprobe.d/ shows whether somebody forbade it.`,
    ],
    fix: 'kvm-module',
  });
}

// Arm and riscv show no flag for it; and a PC whose processor could not be read.
function withoutFlags(report: HostReport): Finding[] {
  const { hypervisor, container } = report.virtualised;
  if (hypervisor !== null) return [];
  if (container !== null) return [inContainer(report)];
  if (moduleRuns(report, 'kvm')) {
    return [
      finding({
        id: 'virtualization-off-in-firmware',
        severity: 'problem',
        title: 'The kernel could not take over virtualisation from the firmware.',
        explanation:
          'The kernel has KVM, but made no /dev/kvm. On arm it must be started in EL2 ("hypervisor mode"), and the firmware or boot loader started it in EL1.',
        evidence: [moduleEvidence(report, 'kvm'), deviceEvidence(report, '/dev/kvm')],
        next: [
          'Update the firmware of the board, or use a boot loader that starts kernels in EL2 (U-Boot, EDK2).',
        ],
      }),
    ];
  }
  return [moduleMissing(report, 'kvm')];
}

function offInFirmware(report: HostReport, unsure: boolean): Finding {
  const name = report.cpu.vendor === 'AMD' || report.cpu.vendor === 'Hygon' ? 'AMD-V (SVM)' : 'VT-x';
  const flag = report.cpu.virtualization.extension ?? 'no flag vmx or svm';
  return finding({
    id: 'virtualization-off-in-firmware',
    severity: 'problem',
    title: `Virtualisation (${name}) is ${unsure ? 'probably ' : ''}switched off in the firmware.`,
    explanation: `The processor ${report.cpu.model ?? 'of this PC'} ${unsure ? 'most likely has' : 'has'} ${name}, but the kernel may not use it.`,
    evidence: [
      seen('/proc/cpuinfo', flag),
      moduleEvidence(report, 'kvm'),
      deviceEvidence(report, '/dev/kvm'),
    ],
    next: firmwareSteps(report, 'processor'),
  });
}

function cannot(report: HostReport): Finding {
  return finding({
    id: 'no-virtualization',
    severity: 'problem',
    title: 'This processor has no virtualisation.',
    explanation: `${report.cpu.model ?? 'The processor'} has neither VT-x nor AMD-V, as far as the kernel can see. Guests run emulated.`,
    evidence: [
      seen('/proc/cpuinfo', 'no flag vmx or svm'),
      seen('/proc/cpuinfo model name', report.cpu.model),
      deviceEvidence(report, '/dev/kvm'),
    ],
    next: [
      'If the setup of the firmware has a switch called "Virtualization Technology", "VT-x" or "SVM", switch it on; otherwise nothing helps but another PC.',
    ],
  });
}

function deviceMissing(report: HostReport, module: 'kvm_intel' | 'kvm_amd'): Finding {
  return finding({
    id: 'kvm-device-missing',
    severity: 'problem',
    title: 'KVM is loaded, but /dev/kvm is not there.',
    explanation: 'The kernel offers the device, and nothing has put it into /dev, or somebody removed it.',
    evidence: [moduleEvidence(report, module), deviceEvidence(report, '/dev/kvm')],
    next: [
      `sudo modprobe -r ${module} && sudo modprobe ${module}, which lets udev make the device anew.`,
      'sudo dmesg | grep -i kvm says whether the module gave up.',
    ],
  });
}

function inContainer(report: HostReport): Finding {
  return inContainerFinding(report, 'The container has no /dev/kvm.');
}

/** @param title what is missing in it */
export function inContainerFinding(report: HostReport, title: string): Finding {
  return finding({
    id: 'inside-container',
    severity: 'problem',
    title,
    explanation: `Phyllome runs in a container (${report.virtualised.container}), which only has the devices it was given.`,
    evidence: [
      ...report.virtualised.evidence.filter(({ source }) => source !== '/proc/cpuinfo'),
      deviceEvidence(report, '/dev/kvm'),
    ],
    next: [
      'Pass the device to the container: --device /dev/kvm for docker and podman; for LXC: lxc.mount.entry = /dev/kvm dev/kvm none bind,create=file.',
      'For LXC also allow it: lxc.cgroup2.devices.allow = c 10:232 rwm.',
    ],
  });
}

function moduleMissing(report: HostReport, module: 'kvm' | 'kvm_intel' | 'kvm_amd'): Finding {
  return finding({
    id: 'kvm-module-missing',
    severity: 'problem',
    title: 'This kernel has no KVM.',
    explanation: `The kernel ${report.kernel ?? ''} comes without ${module}. Small kernels for clouds and boards leave it out, and after an update of the kernel its modules are missing until the next start.`,
    evidence: [moduleEvidence(report, module), seen('/proc/sys/kernel/osrelease', report.kernel)],
    next: [
      'Restart once, if the kernel was updated since the last start.',
      'Otherwise install the usual kernel of the distribution (Debian: linux-image-amd64 instead of the -cloud one).',
    ],
  });
}

function foreign(report: HostReport): Finding {
  return finding({
    id: 'architecture-unsupported',
    severity: 'problem',
    title: `This system is made for ${report.cpu.architecture} processors.`,
    explanation: 'Guests run on the processor itself on x86_64, aarch64 and riscv64 only.',
    evidence: [seen('uname -m', report.cpu.architecture)],
    next:
      report.cpu.architecture === 'i686'
        ? ['Install a 64-bit system, if the processor is one (flag "lm" in /proc/cpuinfo).']
        : [],
  });
}

function xenHost(report: HostReport): Finding {
  return finding({
    id: 'xen-host',
    severity: 'problem',
    title: 'Xen runs below this system and holds the processor.',
    explanation: 'This Linux is the dom0 of Xen. KVM cannot work beside another hypervisor.',
    evidence: report.virtualised.evidence,
    next: [
      'Choose the entry without Xen in the boot menu.',
      'To stay with that: remove the package of the Xen hypervisor.',
    ],
  });
}
