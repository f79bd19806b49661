// SPDX-License-Identifier: Apache-2.0
//
// What a person sees, types on and hears.
import { join } from 'node:path';
import type { MachineDefinition } from '../../contract/machine.ts';
import { device, pairs } from './arguments.ts';
import { confidentialKind } from './confidential.ts';
import { hasDevice, lacksDevice, nothing, type Opinion, type Part, type Site } from './part.ts';
import { onRootBus, slots } from './pci.ts';
import type { QemuReport } from './report.ts';

export function judgeDisplay(definition: MachineDefinition, report: QemuReport): Opinion {
  const { display, architecture } = definition;
  if (display.type === 'none') return {};
  const hint = 'Set display.device to virtio.';
  if (architecture !== 'x86_64' && display.device !== 'virtio') {
    const text = `The display device ${display.device} belongs to PCs; firmware and systems for ${architecture} do not know it.`;
    return { refusals: [{ code: 'display-device-unknown', text, hint }] };
  }
  if (!report.answers.vnc) {
    const text = `${report.binary} (version ${report.version}) was built without VNC, so its screen cannot be shown.`;
    const next = 'Install the QEMU of your distribution, or set display.type to none.';
    return { refusals: [{ code: 'display-missing', text, hint: next }] };
  }
  const driver = displayDevice(definition);
  if (hasDevice(report, driver)) return {};
  // Distributions pack the devices of QEMU that need graphics libraries apart.
  const other = display.device === 'virtio' ? 'Set display.device to vga' : hint.replace('.', '');
  const next = `${other}, or install the package of your distribution that has ${driver} in its name or description.`;
  return { refusals: [lacksDevice(report, driver, 'display-device-missing', next)] };
}

function displayDevice({ display, architecture }: MachineDefinition): string {
  switch (display.device) {
    case 'virtio':
      // virtio-vga is virtio-gpu that also is a VGA card until the guest's driver takes over.
      return architecture === 'x86_64' ? 'virtio-vga' : 'virtio-gpu-pci';
    case 'vga':
      return 'VGA';
    case 'qxl':
      return 'qxl-vga';
  }
}

export const displaySocket = (run: string): string => join(run, 'display');

export function planDisplay({ definition, paths }: Site): Part {
  if (definition.display.type === 'none') return nothing;
  const driver = displayDevice(definition);
  const rom = confidentialKind(definition) === null ? {} : { romfile: '' };
  const place = { bus: 'pcie.0', addr: slots.display, ...rom };
  return {
    arguments: [
      device({ driver, id: 'display', ...place }),
      // Every viewer is welcome at once; without this a second one may throw the first one out.
      ['-vnc', pairs(`unix:${displaySocket(paths.run)}`, { share: 'force-shared' })],
      planInput(definition),
    ].flat(),
  };
}

// PS/2 keyboard and mouse are part of the board.
function planInput({ input }: MachineDefinition): string[] {
  switch (input) {
    case 'usb':
      return [
        ...device({ driver: 'usb-kbd', id: 'keyboard', bus: 'usb.0' }),
        ...device({ driver: 'usb-tablet', id: 'tablet', bus: 'usb.0' }),
      ];
    case 'virtio':
      return [
        ...device({ driver: 'virtio-keyboard-pci', id: 'keyboard', ...onRootBus(slots.keyboard) }),
        ...device({ driver: 'virtio-tablet-pci', id: 'tablet', ...onRootBus(slots.tablet) }),
      ];
    case 'ps2':
      return [];
  }
}

export function judgeSound({ sound }: MachineDefinition, report: QemuReport): Opinion {
  if (sound !== 'virtio' || hasDevice(report, 'virtio-sound-pci')) return {};
  const hint = 'Set sound to hda, or update QEMU to 8.2 or newer.';
  return { losses: [lacksDevice(report, 'virtio-sound-pci', 'sound-missing', hint)] };
}

/** The sound card is there, so that guests set themselves up for it; what it plays is not yet heard. */
export function planSound({ definition: { sound }, report }: Site): Part {
  if (sound === 'none' || (sound === 'virtio' && !hasDevice(report, 'virtio-sound-pci'))) return nothing;
  const audiodev = ['-audiodev', JSON.stringify({ driver: 'none', id: 'audio' })];
  if (sound === 'virtio') {
    const card = device({
      driver: 'virtio-sound-pci',
      id: 'sound',
      audiodev: 'audio',
      ...onRootBus(slots.sound),
    });
    return { arguments: [...audiodev, ...card] };
  }
  return {
    arguments: [
      ...audiodev,
      ...device({ driver: 'ich9-intel-hda', id: 'sound', bus: 'pcie.0', addr: slots.sound }),
      ...device({ driver: 'hda-duplex', id: 'sound-codec', bus: 'sound.0', audiodev: 'audio' }),
    ],
  };
}
