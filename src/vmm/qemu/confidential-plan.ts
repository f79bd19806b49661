// SPDX-License-Identifier: Apache-2.0
//
// What a guest with encrypted memory needs besides, or instead of, what others get.
import type { ConfidentialKind } from '../../host/confidential.ts';
import { locate } from '../../disk/locate.ts';
import { blockdev, object, type Json } from './arguments.ts';
import { planPair } from './boot.ts';
import { confidentialKind, firmwareOf, guestObjects, kindNames } from './confidential.ts';
import { nothing, type Part, type Site } from './part.ts';

// The rules that the processor enforces on us, as bits. SEV: bit 0 forbids the debugger, bit 2 demands that registers
// are encrypted too (ES). SEV-SNP: bit 17 has to be set, bit 16 allows a processor with SMT; the debugger is bit 19.
const policies = { sev: 0x1, 'sev-es': 0x5, 'sev-snp': 0x3_0000 } as const;

/** The object that makes the guest confidential, and what the board has to do for it. */
export function planConfidential(site: Site): Part {
  const { definition } = site;
  const kind = confidentialKind(definition);
  if (kind === null) return nothing;
  const resettable = kind === 'sev';
  return {
    machine: {
      'confidential-guest-support': 'confidential',
      // Neither can the VMM write registers for System Management Mode.
      ...(resettable ? {} : { smm: 'off' }),
      ...(kind === 'tdx' ? { 'kernel-irqchip': 'split' } : {}),
    },
    arguments: [
      ...object({ 'qom-type': guestObjects[kind].type, id: 'confidential', ...properties(kind, site) }),
      // What cannot be reset powers off, instead of an error message.
      ...(resettable ? [] : ['-action', 'reboot=shutdown']),
    ],
    decisions: [
      {
        what: `memory: encrypted by ${kindNames[kind]}`,
        why: 'the definition asks for it; QEMU then gives virtio devices only what the guest copies out for them, and the pages are never merged',
      },
    ],
  };
}

function properties(kind: ConfidentialKind, { definition, report }: Site): Record<string, Json> {
  // Quotes of TDX are made by a service of the PC that nobody has set up; the guest goes without.
  if (kind === 'tdx') return {};
  const { sev } = report.confidential;
  if (sev === null) throw new Error('planned although judge() refused');
  return {
    policy: policies[kind],
    cbitpos: sev.cbitpos,
    'reduced-phys-bits': sev.reducedPhysBits,
    // The hashes of kernel, initrd and command line become part of the measurement, and the firmware checks them.
    ...(definition.boot.type === 'kernel' ? { 'kernel-hashes': true } : {}),
  };
}

/** Private pages of SEV-SNP come from the kernel; what the guest shares lies in a file that others may map. */
export function needsSharedMemory(kind: ConfidentialKind | null): boolean {
  return kind === 'sev-snp';
}

/** How a confidential machine boots: firmware always, also before a kernel that QEMU loads. */
export function planConfidentialBoot({ definition, report, paths }: Site): Part {
  const kind = confidentialKind(definition);
  const chosen = firmwareOf(definition, report);
  if (kind === null || chosen === null) throw new Error('planned although judge() refused');
  if (chosen.type === 'pair') return planPair(chosen.firmware, paths.machine);
  const { firmware } = chosen;
  const { boot } = definition;
  const kernel =
    boot.type === 'kernel'
      ? [
          ['-kernel', locate(paths.machine, boot.kernel)],
          boot.initrd === undefined ? [] : ['-initrd', locate(paths.machine, boot.initrd)],
          boot.commandLine === '' ? [] : ['-append', boot.commandLine],
        ].flat()
      : ['-boot', 'strict=on'];
  const inFlash = !firmware.inMemory && (kind === 'sev' || kind === 'sev-es');
  return {
    ...(inFlash ? { machine: { pflash0: 'firmware' } } : {}),
    arguments: [
      // KVM cannot make memory of SEV-SNP and TDX guests read-only, as flash would be: the image is loaded into it.
      ...(inFlash
        ? blockdev({
            driver: 'raw',
            'node-name': 'firmware',
            'read-only': true,
            file: { driver: 'file', filename: firmware.file },
          })
        : ['-bios', firmware.file]),
      ...kernel,
    ],
    decisions: [
      { what: `firmware: ${firmware.file}`, why: `${firmware.description} (${firmware.descriptor})` },
      ...(firmware.enrolledKeys && boot.type === 'uefi' && !boot.secureBoot
        ? [{ what: 'Secure Boot: on', why: 'the firmware for this has its keys inside' }]
        : []),
    ],
  };
}
