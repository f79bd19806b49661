// SPDX-License-Identifier: Apache-2.0
//
// QEMU's board without PCI: fewer devices, a firmware of a few kilobytes, and a start in a fraction of the time
// (docs/system/i386/microvm.rst of QEMU).
import type { MachineDefinition } from '../../contract/machine.ts';
import type { Decision } from '../../contract/plan.ts';
import type { Site } from './part.ts';
import type { QemuReport } from './report.ts';

export const microvm = {
  board: 'microvm',
  // Its option ROMs stay: without them (x-option-roms=off) QEMU 10 under a nested KVM never reached the kernel.
  options: {},
  // The current form of virtio, which is not the default on this transport.
  arguments: ['-global', 'virtio-mmio.force-legacy=false'],
} as const;

// Places for virtio devices where the second interrupt controller is not used.
const mostDevices = 8;

/** Why a machine that wants to be small gets the usual board; null: it gets the small one, or did not ask for it. */
export function whyNotMicrovm(definition: MachineDefinition, report: QemuReport): string | null {
  const { architecture, board, boot, disks, removable, nics, display, sound, tpm } = definition;
  if (board !== 'micro') return null;
  if (architecture !== 'x86_64') return `QEMU has no smaller one for ${architecture}`;
  if (!report.answers.microvm) return 'this QEMU was built without microvm';
  if (report.accelerator.accelerator !== 'kvm')
    return 'without KVM, Linux does not find out on microvm how fast its clock runs, and hangs';
  const missing = [
    boot.type !== 'kernel' ? 'firmware' : '',
    display.type !== 'none' ? 'a display' : '',
    sound !== 'none' ? 'sound' : '',
    tpm !== 'none' ? 'a TPM' : '',
    removable.length > 0 ? 'removable media' : '',
    disks.some(({ bus }) => bus !== 'virtio') || nics.some(({ model }) => model !== 'virtio')
      ? 'devices other than virtio'
      : '',
    devicesOf(definition) > mostDevices ? `more than ${mostDevices} devices` : '',
  ].filter((what) => what !== '');
  return missing.length === 0 ? null : `microvm has no room for ${missing.join(', ')}`;
}

export function usesMicrovm(definition: MachineDefinition, report: QemuReport): boolean {
  return definition.board === 'micro' && whyNotMicrovm(definition, report) === null;
}

function devicesOf({ disks, nics, shares, rng, balloon, agent, vsock }: MachineDefinition): number {
  const others = [rng, balloon, agent, vsock !== undefined].filter(Boolean).length;
  return disks.length + nics.length + shares.length + others;
}

export function microvmDecision({ definition, report }: Site): Decision[] {
  if (definition.board !== 'micro') return [];
  const why = whyNotMicrovm(definition, report);
  return [
    why === null
      ? { what: 'board: microvm', why: 'the definition wants the smallest board' }
      : { what: 'board: the usual one', why },
  ];
}

/**
 * The same devices without PCI: virtio-blk-pci becomes virtio-blk-device, and takes the next free place. What tells
 * QEMU of a panic is a PCI device; the guests of this board reset instead.
 */
export function withoutPci(args: readonly string[]): string[] {
  const result: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const option = args[at] as string;
    if (option !== '-device') {
      result.push(option);
      continue;
    }
    at += 1;
    const {
      driver,
      bus,
      addr: _addr,
      romfile: _rom,
      'disable-legacy': _legacy,
      ...rest
    } = JSON.parse(args[at] as string) as Record<string, unknown>;
    if (driver === 'pvpanic-pci') continue;
    const place = typeof bus === 'string' && !/^(pcie\.0|port\d+)$/.test(bus) ? { bus } : {};
    result.push(
      '-device',
      JSON.stringify({ driver: String(driver).replace(/-pci$/, '-device'), ...place, ...rest }),
    );
  }
  return result;
}
