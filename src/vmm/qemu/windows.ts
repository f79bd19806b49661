// SPDX-License-Identifier: Apache-2.0
import type { MachineDefinition } from '../../contract/machine.ts';
import { atLeastRelease } from '../../host/kernel-version.ts';
import { isWindows } from '../guest-os.ts';

/**
 * Properties of the processor by which Windows knows that it runs under KVM and stops wasting time: clocks that
 * need no emulated timer, wake-ups and TLB flushes by one call, no spinning for locks whose holder sleeps.
 * https://www.qemu.org/docs/master/system/i386/hyperv.html
 *
 * Every QEMU that we know has them all, but one that is given a property its KVM does not have refuses to start: so
 * `linux` says since when KVM has it, where that is newer than Linux 5.0.
 *
 * Left out on purpose:
 * - hv-reset: Windows resets by ACPI, and today's Hyper-V does not show it
 * - hv-crash: a crash would stop the guest before Windows has written its dump
 * - hv-avic: slows processors down that have no APICv or AVIC
 * - hv-evmcs, hv-emsr-bitmap, hv-tlbflush-direct: for a Hyper-V in the guest (WSL 2, memory integrity); they need KVM
 *   with nesting on, and the first is for Intel alone
 * - hv-reenlightenment: needs a processor that scales its time stamps; without it a guest cannot be saved
 * - hv-no-nonarch-coresharing: only true of processors that are pinned
 */
const enlightenments: readonly { property: string; linux?: string }[] = [
  { property: 'hv-relaxed' },
  { property: 'hv-vapic' },
  { property: 'hv-spinlocks=0x1fff' },
  { property: 'hv-time' },
  { property: 'hv-vpindex' },
  { property: 'hv-runtime' },
  { property: 'hv-synic' },
  { property: 'hv-stimer' },
  // A timer is then an interrupt of its own, without a message about it.
  { property: 'hv-stimer-direct' },
  { property: 'hv-frequencies' },
  { property: 'hv-tlbflush' },
  // Lists of addresses to flush, in place of everything.
  { property: 'hv-tlbflush-ext', linux: '6.2' },
  { property: 'hv-ipi' },
  // Calls carry what they are about in registers.
  { property: 'hv-xmm-input', linux: '5.14' },
];

/** They exist for x86_64 under KVM only. @param kernel release of Linux on this PC */
export function windowsProcessor(definition: MachineDefinition, kernel: string): string[] {
  if (!isWindows(definition) || definition.architecture !== 'x86_64') return [];
  return enlightenments
    .filter(({ linux }) => linux === undefined || atLeastRelease(kernel, linux) === true)
    .map(({ property }) => property);
}
