// SPDX-License-Identifier: Apache-2.0
import type { MachineDefinition } from '../../contract/machine.ts';
import { formatSize } from '../../contract/size.ts';
import type { GuestFacts } from './guest-facts.ts';

/** What a guest wants that the machine has not: whole sentences. Its owner may go on; the guest may not. */
export function shortcomings(
  { name, minimum, secureBoot, tpm }: GuestFacts,
  definition: Pick<MachineDefinition, 'cpu' | 'memory' | 'disks' | 'boot'> & Partial<MachineDefinition>,
): string[] {
  const found: string[] = [];
  if (minimum !== null) {
    const { vcpus, memoryBytes, diskBytes } = minimum;
    if (definition.cpu.vcpus < vcpus)
      found.push(`${name} wants ${vcpus} processors; this machine has ${definition.cpu.vcpus}.`);
    if (definition.memory < memoryBytes)
      found.push(
        `${name} wants ${formatSize(memoryBytes)} of memory; this machine has ${formatSize(definition.memory)}.`,
      );
    const [disk] = definition.disks;
    if (diskBytes > 0 && disk?.size !== undefined && disk.size < diskBytes)
      found.push(
        `${name} wants a disk of ${formatSize(diskBytes)}; that of this machine has ${formatSize(disk.size)}.`,
      );
  }
  const { boot } = definition;
  if (secureBoot === 'required' && !(boot.type === 'uefi' && boot.secureBoot))
    found.push(`${name} wants UEFI with Secure Boot; this machine has none.`);
  if (tpm === 'required' && definition.tpm === 'none')
    found.push(`${name} wants a TPM; this machine has none.`);
  return found;
}
