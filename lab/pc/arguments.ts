// SPDX-License-Identifier: Apache-2.0
//
// From an emulated PC as data to the arguments of a QEMU that is it. Pure.
import { join } from 'node:path';
import { diskArguments } from './disk-arguments.ts';
import type { PcSpec } from './pc-spec.ts';
import { smbiosArguments } from './smbios.ts';
import { spareArguments } from './spare-arguments.ts';
import { words } from './words.ts';

/** What the launcher made for a PC before it starts. */
export interface PcFiles {
  /** Folder of its sockets and logs */
  folder: string;
  /** Firmware program and variables; null for a BIOS, which QEMU brings */
  firmware: { code: string; vars: string } | null;
  /** For each of `spec.ports`: the port of 127.0.0.1 that leads to it */
  hostPorts: readonly number[];
  /** The stick in the spare USB controller */
  spareStick: string;
}

/** Names in the folder of a running PC. */
export const pcFiles = {
  control: 'qmp',
  serial: 'serial',
  serialLog: 'serial.log',
  agent: 'agent',
  tpm: 'tpm.sock',
  log: 'qemu.log',
} as const;

/** The name of the port over which the guest's test unit talks to us. */
export const agentPortName = 'phyllome.lab';

export function pcArguments(spec: PcSpec, files: PcFiles): string[] {
  const secure = spec.firmware === 'secure-boot';
  const socket = (id: string, name: string, more = ''): string[] => [
    '-chardev',
    `socket,id=${id},path=${join(files.folder, name)},server=on,wait=off${more}`,
  ];
  return [
    ...words('-name phyllome-lab -nodefaults -no-user-config -display none'),
    // The interrupt remapping of an IOMMU needs an IO-APIC of QEMU; the variables of Secure Boot, system management mode.
    ...words(`-machine q35,kernel-irqchip=split,smm=${secure ? 'on' : 'off'}`),
    // A BIOS then writes to the serial port, too.
    ...(spec.firmware === 'bios' ? words('-machine graphics=off') : []),
    ...words('-accel tcg,thread=multi,tb-size=512 -cpu max,+svm -device amd-iommu'),
    ...words(`-smp ${spec.vcpus} -m ${spec.memoryMiB}M -rtc base=utc`),
    ...words('-device virtio-rng-pci -device virtio-vga,xres=1280,yres=800'),
    ...words('-device qemu-xhci,id=usb -device usb-kbd,bus=usb.0 -device usb-tablet,bus=usb.0'),
    ...firmwareArguments(files.firmware, secure),
    ...socket('qmp', pcFiles.control),
    ...words('-mon chardev=qmp,mode=control'),
    ...socket('serial', pcFiles.serial, `,logfile=${join(files.folder, pcFiles.serialLog)},logappend=on`),
    ...words('-device isa-serial,chardev=serial'),
    ...socket('agent', pcFiles.agent),
    ...words(`-device virtio-serial-pci -device virtserialport,chardev=agent,name=${agentPortName}`),
    ...(spec.tpm
      ? [
          '-chardev',
          `socket,id=tpm,path=${join(files.folder, pcFiles.tpm)}`,
          ...words('-tpmdev emulator,id=tpm,chardev=tpm -device tpm-crb,tpmdev=tpm'),
        ]
      : []),
    ...networkArguments(spec, files.hostPorts),
    ...spec.disks.flatMap(diskArguments),
    ...(spec.spares ? spareArguments(files.spareStick) : []),
    ...smbiosArguments(spec),
  ];
}

const flash = (unit: number, file: string, readOnly: boolean): string[] => [
  '-drive',
  `if=pflash,format=raw,unit=${unit},readonly=${readOnly ? 'on' : 'off'},file=${file}`,
];

function firmwareArguments(firmware: PcFiles['firmware'], secure: boolean): string[] {
  if (firmware === null) return [];
  return [
    ...flash(0, firmware.code, true),
    ...flash(1, firmware.vars, false),
    ...(secure ? ['-global', 'driver=cfi.pflash01,property=secure,value=on'] : []),
  ];
}

function networkArguments({ online, ports }: PcSpec, hostPorts: readonly number[]): string[] {
  const forwards = ports.map((port, index) => `,hostfwd=tcp:127.0.0.1:${hostPorts[index]}-:${port}`).join('');
  return [
    ...(online ? ['-netdev', `user,id=net${forwards}`] : ['-netdev', 'hubport,id=net,hubid=0']),
    ...words('-device virtio-net-pci,netdev=net,romfile='),
  ];
}
