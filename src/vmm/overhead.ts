// SPDX-License-Identifier: Apache-2.0
//
// What a machine takes of this PC's memory beyond the memory of its guest. Estimates on the safe side: a claim that is
// too small lets the PC run out of memory, one that is too large only costs a little room.
import type { MachineDefinition } from '../contract/machine.ts';

const MiB = 2 ** 20;
const GiB = 2 ** 30;

/** The parts of a definition that cost memory. */
export type Costly = Pick<MachineDefinition, 'cpu' | 'memory' | 'tpm' | 'nics' | 'display' | 'shares'>;

// QEMU itself with a q35 board and the usual devices (51 MB measured), with room for the buffers of busy disks.
const vmm = 64 * MiB;
// Stack, translation state and buffers of a virtual processor's thread.
const vcpu = 2 * MiB;
// swtpm. passt: 31 MB without a connection, 57 MB of tables once they are all used (its .bss). virtiofsd.
const tpm = 12 * MiB;
const userNic = 64 * MiB;
const share = 32 * MiB;
// The memory of the card as QEMU makes it (vgamem_mb 16; qxl: ram 64 + vram 64 + vgamem 16), and for each picture
// that the guest shows and the one the VNC server remembers 8 MiB: 1920 x 1080 in 32 bits.
const displays = { virtio: 32 * MiB, vga: 32 * MiB, qxl: 160 * MiB } as const;
// Page tables map 4 KiB by 8 bytes: once for the guest (EPT, NPT) and once for the VMM.
const pageTables = (memory: number): number => Math.ceil(memory / 512) * 2;
// TCG translates code into a cache of at most 1 GiB (QEMU's tcg_init) that fills as code is run: 72 MB when our tiny
// guest with its 256 MiB has booted.
const translated = (memory: number): number => Math.min(GiB, Math.ceil(memory / 2));

/** @param accelerator what the machine runs on: "kvm", or "tcg", which needs room for what it translates */
export function overheadBytes(definition: Costly, accelerator: string): number {
  const { cpu, memory, nics, display, shares } = definition;
  return (
    vmm +
    cpu.vcpus * vcpu +
    pageTables(memory) +
    (accelerator === 'tcg' ? translated(memory) : 0) +
    (display.type === 'none' ? 0 : displays[display.device]) +
    (definition.tpm === 'emulated' ? tpm : 0) +
    nics.filter(({ type }) => type === 'user').length * userNic +
    shares.length * share
  );
}

/** Of a machine as most are: a screen, one network card, few processors. */
export function plainOverhead(memory: number, accelerator: string): number {
  const nics = [{ type: 'user', model: 'virtio', forwards: [] }] as MachineDefinition['nics'];
  const display = { type: 'vnc', device: 'virtio' } as const;
  return overheadBytes({ cpu: { vcpus: 4 }, memory, tpm: 'none', nics, display, shares: [] }, accelerator);
}
