// SPDX-License-Identifier: Apache-2.0
import type { MachineDefinition } from '../../contract/machine.ts';
import { isWindows } from '../guest-os.ts';

/**
 * Properties of the processor by which Windows knows that it runs under KVM and stops wasting time: clocks that
 * need no emulated timer, wake-ups and TLB flushes by one call, no spinning for locks whose holder sleeps.
 * https://www.qemu.org/docs/master/system/i386/hyperv.html
 */
const enlightenments = [
  'hv-relaxed',
  'hv-vapic',
  'hv-spinlocks=0x1fff',
  'hv-time',
  'hv-vpindex',
  'hv-runtime',
  'hv-synic',
  'hv-stimer',
  'hv-frequencies',
  'hv-tlbflush',
  'hv-ipi',
];

/** They exist for x86_64 under KVM only. */
export function windowsProcessor(definition: MachineDefinition): string[] {
  return isWindows(definition) && definition.architecture === 'x86_64' ? enlightenments : [];
}
