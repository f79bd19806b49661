// SPDX-License-Identifier: Apache-2.0
//
// How a machine is started while a system is installed into it: with the installer's kernel or a drive that carries the
// answers. Neither is in machine.yaml, so what is installed, and whoever looks at the definition, never sees them.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PhyllomeError } from '../../contract/errors.ts';
import type { Architecture, MachineDefinition, RemovableDrive } from '../../contract/machine.ts';
import { machineFiles } from '../../contract/paths.ts';
import type { GivenKernel } from '../../vmm/driver.ts';
import type { StoredMachine } from '../store.ts';
import { readInstallRecord, type InstallRecord } from './record.ts';

/** What one start has that the definition does not say. */
export interface Once {
  definition: MachineDefinition;
  kernel: GivenKernel | null;
}

/** Names in the folder of the run folder that has the answers, and in the machine's folder `installer`. */
export const installerFiles = { kernel: 'kernel', initrd: 'initrd' } as const;
export const answersImage = 'answers.iso';

/**
 * null: it starts as its definition says.
 * @param answers folder on a tmpfs with what the answers were made into
 * @throws PhyllomeError `answers-gone`, `file-unreadable`, `vmm-lacks`
 */
export function onceFor(machine: StoredMachine, answers: string): Once | null {
  const { directory, definition } = machine;
  if (definition === null) return null;
  const record = readInstallRecord(directory);
  if (record === null || record.stage !== 'installer') return null;
  if (record.answers !== null && !existsSync(answers))
    throw new PhyllomeError('answers-gone', { name: machine.name });
  return {
    definition: withInstaller(definition, record, answers),
    kernel: kernelOf(directory, record, answers),
  };
}

function kernelOf(directory: string, { commandLine }: InstallRecord, answers: string): GivenKernel | null {
  if (commandLine === null) return null;
  const own = join(directory, machineFiles.installer);
  const find = (name: string): string =>
    [join(answers, name), join(own, name)].find((file) => existsSync(file)) ?? join(own, name);
  return { kernel: find(installerFiles.kernel), initrd: find(installerFiles.initrd), commandLine };
}

/** Only QEMU starts a kernel beside the firmware, and keeps the guest over a reset. */
function withInstaller(
  definition: MachineDefinition,
  record: InstallRecord,
  answers: string,
): MachineDefinition {
  const { disks, removable, vmm, name, architecture } = definition;
  if (vmm !== 'auto' && vmm !== 'qemu')
    throw new PhyllomeError('vmm-lacks', { vmm, verb: 'install a system', name });
  const image = join(answers, answersImage);
  const drive = {
    type: 'cdrom' as const,
    file: image,
    bus: busFor(record, architecture),
    detach: 'never' as const,
  };
  const unattended = record.answers !== null;
  const order = record.commandLine === null ? asItIs : behindKernel;
  const media: RemovableDrive[] = unattended && existsSync(image) ? [...removable, drive] : removable;
  return {
    ...definition,
    vmm: 'qemu',
    // The installer says on the serial port how far it is.
    serialPorts: 1,
    // A person's answers are worth keeping; what nobody typed is installed anew when this PC loses its power.
    disks: (unattended ? disks.map((disk) => ({ ...disk, cache: 'unsafe' as const })) : disks).map(order),
    removable: media.map((device, place) => order(device, disks.length + place)),
  };
}

// Images for clouds have kernels without drivers for SATA and USB, and what installs itself has drivers for everything;
// Windows and the firmware of PCs know SATA, others do not.
function busFor({ answers }: InstallRecord, architecture: Architecture): RemovableDrive['bus'] {
  if (answers === 'cloud-init' || answers === 'ignition') return 'scsi';
  return architecture === 'x86_64' ? 'sata' : 'usb';
}

/** What one of several devices is with its place among them. */
type InOrder = <Device extends { bootIndex?: number }>(device: Device, place: number) => Device;

const asItIs: InOrder = (device) => device;

/** The firmware of old PCs takes a given kernel as what is to be booted first: nothing else may claim that. */
const behindKernel: InOrder = (device, place) => ({ ...device, bootIndex: place + 1 });
