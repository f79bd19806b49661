// SPDX-License-Identifier: Apache-2.0
//
// Can real devices be given to guests? Judged by the groups that exist, not by what was asked of the kernel.
import type { Finding } from '../../contract/doctor.ts';
import type { HostReport, PciDevice } from '../../contract/host.ts';
import { groupsOf, slotOf } from '../iommu.ts';
import { finding, seen, type Check } from './finding.ts';
import { firmwareSteps } from './firmware-steps.ts';
import { couldVirtualise } from './processor.ts';
import { gibibytes, usableMemory } from './size.ts';

export const checkPassthrough: Check = (report) => {
  // Boards without PCI, and containers that hide it, have nothing that could be given.
  if (report.pciDevices.length === 0) return [];
  if (report.iommu.enabled)
    return [...works(report), ...coarse(report), ...unsafe(report), ...memlock(report)];
  const cause = withoutGroups(report);
  const symptom = finding({
    id: 'passthrough-impossible',
    severity: cause.severity === 'warning' ? 'warning' : 'advice',
    title: 'Real devices (graphics cards, USB controllers) cannot be given to guests.',
    explanation:
      'Without an IOMMU a guest with a real device could read and write all memory of this PC. Virtual devices are not affected.',
    evidence: [seen('/sys/kernel/iommu_groups', 'empty')],
    causedBy: [cause.id],
  });
  return [cause, symptom];
};

// The argument that asks for the IOMMU, and the one that forbids it.
const asksForIt = /^intel_iommu=(?:on|.*,on\b)/;
const forbidsIt = /^(?:(?:intel|amd)_iommu=(?:.*,)?off\b|iommu=(?:.*,)?off\b)/;

function withoutGroups(report: HostReport): Finding {
  const { iommu, cpu, virtualised } = report;
  const forbidden = iommu.kernelArguments.find((argument) => forbidsIt.test(argument));
  const table =
    cpu.vendor === 'AMD' || cpu.vendor === 'Hygon' ? 'IVRS' : cpu.vendor === 'Intel' ? 'DMAR' : 'IORT';
  const evidence = [
    seen('/sys/kernel/iommu_groups', 'empty'),
    seen(
      '/sys/firmware/acpi/tables',
      iommu.firmwareTable === null ? null : `${iommu.firmwareTable ? 'a' : 'no'} table ${table}`,
    ),
    seen('/proc/cmdline', iommu.kernelArguments.join(' ') || 'nothing about the IOMMU'),
  ];
  const tooOld = couldVirtualise(report) === false;
  if (
    tooOld ||
    virtualised.hypervisor !== null ||
    (cpu.vendor !== 'Intel' && cpu.vendor !== 'AMD' && cpu.vendor !== 'Hygon')
  ) {
    return finding({
      id: 'no-iommu',
      severity: 'advice',
      title: 'There is no IOMMU.',
      explanation:
        virtualised.hypervisor === null
          ? 'The firmware describes none that this kernel can use.'
          : 'Virtual machines have one only when their host makes one up for them.',
      evidence,
      causedBy: ['inside-vm', 'no-virtualization'],
    });
  }
  const name = table === 'IVRS' ? 'AMD-Vi (IOMMU)' : 'VT-d';
  const asked = iommu.kernelArguments.some((argument) => asksForIt.test(argument));
  if (iommu.firmwareTable === false || (iommu.firmwareTable === null && asked)) {
    return finding({
      id: 'iommu-off-in-firmware',
      severity: 'warning',
      title: `The IOMMU (${name}) is switched off in the firmware, or the board has none.`,
      explanation: asked
        ? 'The kernel was asked to use it, but the firmware does not describe one. Kernel arguments cannot change that.'
        : 'The firmware does not describe one, so kernel arguments such as intel_iommu=on change nothing.',
      evidence,
      next: firmwareSteps(report, 'iommu'),
    });
  }
  if (forbidden !== undefined) {
    return finding({
      id: 'iommu-not-enabled',
      severity: 'warning',
      title: `The IOMMU is forbidden by the kernel argument ${forbidden}.`,
      explanation: 'The firmware describes an IOMMU, and the kernel was told to leave it alone.',
      evidence,
      next: [`Take ${forbidden} out of the kernel arguments of the boot loader and restart.`],
    });
  }
  if (asked) {
    return finding({
      id: 'iommu-not-enabled',
      severity: 'warning',
      title: `The kernel was asked to use the IOMMU (${name}) and does not.`,
      explanation:
        'The firmware describes an IOMMU, but the kernel was built without support, or gave up on it.',
      evidence,
      next: [
        'See what the kernel says: sudo dmesg | grep -i -e DMAR -e IOMMU',
        'Update the firmware of the board: its description of the IOMMU may be damaged.',
      ],
    });
  }
  const intel = cpu.vendor === 'Intel';
  return finding({
    id: 'iommu-not-enabled',
    severity: 'warning',
    title: `The kernel does not use the IOMMU (${name}).`,
    explanation: intel
      ? 'Many kernels leave VT-d alone until they are asked to use it.'
      : 'Kernels use AMD-Vi by themselves when the firmware describes it rightly; this one does not.',
    evidence,
    next: intel
      ? [
          'Add the kernel argument intel_iommu=on and restart.',
          ...(iommu.firmwareTable === null
            ? [
                `If that changes nothing, it is off in the firmware. ${firmwareSteps(report, 'iommu').slice(0, 2).join(' ')}`,
              ]
            : []),
        ]
      : [
          'See what the kernel says: sudo dmesg | grep -i -e AMD-Vi -e IOMMU',
          ...firmwareSteps(report, 'iommu'),
        ],
    fix: intel ? 'iommu-kernel-argument' : null,
  });
}

function works({ iommu, pciDevices }: HostReport): Finding[] {
  return [
    finding({
      id: 'iommu-works',
      severity: 'good',
      title: 'The IOMMU works: real devices can be given to guests.',
      explanation: `${pciDevices.length} devices are in ${iommu.groups} groups; a group goes to a guest as a whole.`,
      evidence: [
        seen('/sys/kernel/iommu_groups', `${iommu.groups} groups`),
        seen('/sys/class/iommu', iommu.units.join(', ') || null),
      ],
    }),
  ];
}

function coarse(report: HostReport): Finding[] {
  const groups = groupsOf(report.pciDevices);
  const shared = report.graphics.flatMap(({ address, iommuGroup, virtualFunctionOf }) => {
    if (address === null || iommuGroup === null || virtualFunctionOf !== null) return [];
    const others = (groups.get(iommuGroup) ?? []).filter((device) => {
      return !device.bridge && slotOf(device.address) !== slotOf(address);
    });
    return others.length === 0 ? [] : [{ address, iommuGroup, others }];
  });
  const findings: Finding[] = [];
  if (shared.length > 0) {
    const cards = shared.map(({ address }) => address).join(' and ');
    findings.push(
      finding({
        id: 'coarse-groups',
        severity: 'warning',
        title: `The graphics card ${cards} shares its IOMMU group with other devices.`,
        explanation:
          'The hardware cannot keep the devices of a group apart, so all of them would have to go to the guest together, with whatever the host does with them.',
        evidence: shared.map(({ iommuGroup, others }) =>
          seen(`/sys/kernel/iommu_groups/${iommuGroup}/devices`, others.map(deviceText).join('; ')),
        ),
        next: [
          'Put the card into another slot: those that lead directly to the processor mostly have groups of their own.',
          'Update the firmware, and look for "ACS Enable" (AMD CBS > NBIO) and "AER Cap" in its setup.',
          'If all devices of the group can be spared, give all of them to the guest.',
          'Not advised: kernels with the patch for pcie_acs_override show finer groups, but the devices can still reach each other: a guest could then attack the host through the card.',
        ],
      }),
    );
  }
  if (report.iommu.acsOverride) {
    findings.push(
      finding({
        id: 'acs-override',
        severity: 'warning',
        title: 'The IOMMU groups are finer than the hardware (ACS override).',
        explanation:
          'pcie_acs_override makes the kernel believe that devices are kept apart. They are not: a guest with one of them may reach the memory of others, and of the host.',
        evidence: [seen('/proc/cmdline', report.iommu.kernelArguments.join(' '))],
        next: [
          'Only give devices to guests that you trust as much as the host, or take pcie_acs_override out and restart.',
        ],
      }),
    );
  }
  return findings;
}

const deviceText = ({
  address,
  vendor,
  device,
  vendorId,
  deviceId,
  className,
  driver,
}: PciDevice): string => {
  const name =
    [vendor, device].filter((part) => part !== null).join(' ') || (className ?? `${vendorId}:${deviceId}`);
  return `${address} ${name}${driver === null ? '' : ` (${driver})`}`;
};

function unsafe({ iommu }: HostReport): Finding[] {
  const findings: Finding[] = [];
  if (iommu.unsafeInterrupts === true) {
    findings.push(
      finding({
        id: 'interrupts-unsafe',
        severity: 'warning',
        title: 'Devices of guests may send any interrupt.',
        explanation:
          'VFIO was told to do without interrupt remapping. A hostile guest with a real device can then disturb the host.',
        evidence: [seen('/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts', 'Y')],
        next: [
          'Switch on x2APIC and interrupt remapping in the firmware, and take the option out of /etc/modprobe.d.',
        ],
      }),
    );
  }
  if (iommu.noIommuMode === true) {
    findings.push(
      finding({
        id: 'noiommu-mode',
        severity: 'warning',
        title: 'VFIO was told to work without an IOMMU.',
        explanation:
          'A guest with a real device can then read and write all memory. Phyllome does not use this mode.',
        evidence: [seen('/sys/module/vfio/parameters/enable_unsafe_noiommu_mode', 'Y')],
        next: ['Take enable_unsafe_noiommu_mode out of /etc/modprobe.d and of the kernel arguments.'],
      }),
    );
  }
  return findings;
}

// VFIO keeps all memory of a guest in place, and some more for itself.
const extraBytes = 2 ** 30;
const smallGuestBytes = 4 * 2 ** 30;

function memlock(report: HostReport): Finding[] {
  const { memlockBytes, memlockUnlimited } = report.limits;
  const memory = usableMemory(report);
  // Root is not bound by it.
  if (memlockBytes === null || memlockUnlimited === true || report.session.uid === 0) return [];
  const wanted = Math.min(smallGuestBytes + extraBytes, memory ?? Infinity);
  if (memlockBytes >= wanted) return [];
  return [
    finding({
      id: 'low-memlock',
      severity: 'advice',
      title: 'Guests with real devices need more locked memory than is allowed.',
      explanation: `A real device writes into the memory of its guest, so all of it is locked: a guest with 4 GiB needs ${gibibytes(smallGuestBytes + extraBytes)}. Allowed are ${gibibytes(memlockBytes)}. Guests without real devices are not affected.`,
      evidence: [seen('/proc/self/limits Max locked memory', `${memlockBytes} bytes`)],
      next: [
        'Raise the limit (memlock in /etc/security/limits.d, LimitMEMLOCK for systemd), then log out and in again.',
      ],
      fix: 'memlock-limit',
    }),
  ];
}
