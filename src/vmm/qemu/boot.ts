// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import type { MachineDefinition } from '../../contract/machine.ts';
import { locate } from '../../disk/locate.ts';
import { blockdev } from './arguments.ts';
import { confidentialKind } from './confidential.ts';
import { chooseFirmware, oldestRiscvUefi, type Firmware } from './firmware-choice.ts';
import type { GivenKernel } from '../driver.ts';
import { installing } from '../tool.ts';
import { atLeast } from '../version.ts';
import type { Opinion, Part, Site } from './part.ts';
import type { QemuReport } from './report.ts';

export function judgeBoot(definition: MachineDefinition, report: QemuReport): Opinion {
  const { architecture, boot } = definition;
  // Guests with encrypted memory have firmware of their own.
  if (confidentialKind(definition) !== null) return {};
  if (boot.type !== 'uefi' || firmwareFor(report, boot.secureBoot) !== null) return {};
  if (architecture === 'riscv64' && !atLeast(report.version, oldestRiscvUefi)) {
    const text = `QEMU ${report.version} does not start UEFI firmware for riscv64 as its current builds are made.`;
    const hint = `Update QEMU to ${oldestRiscvUefi} or newer, or boot a kernel directly (boot.type: kernel).`;
    return { refusals: [{ code: 'firmware-unsupported', text, hint }] };
  }
  const { looked, problems, install } = report.firmware;
  const wanted = `UEFI firmware for ${architecture}${boot.secureBoot ? ' with Secure Boot and enrolled keys' : ''}`;
  const text = `No ${wanted} is installed (looked in ${looked.join(', ')}). ${problems.join(' ')}`.trim();
  const hint = installing({ install });
  return { refusals: [{ code: 'firmware-missing', text, hint }] };
}

export function planBoot(site: Site): Part {
  const { definition, report, paths } = site;
  const { boot } = definition;
  switch (boot.type) {
    case 'uefi': {
      const firmware = firmwareFor(report, boot.secureBoot);
      if (firmware === null) throw new Error('planned although judge() refused');
      return planPair(firmware, paths.machine);
    }
    case 'bios':
      // SeaBIOS is what QEMU starts when nothing else is said. Only what the definition lists is booted.
      return { arguments: ['-boot', 'strict=on'] };
    case 'guest-kernel':
      throw new Error('the engine replaces it by the kernel it found on the disk');
    case 'kernel': {
      const { commandLine } = boot;
      const kernel = locate(paths.machine, boot.kernel);
      const initrd = boot.initrd === undefined ? {} : { initrd: locate(paths.machine, boot.initrd) };
      return { arguments: kernelArguments({ kernel, commandLine, ...initrd }) };
    }
  }
}

/** These three options take their value whole: a comma in it means nothing. */
export function kernelArguments({
  kernel,
  initrd,
  commandLine,
}: Pick<GivenKernel, 'kernel' | 'commandLine'> & Partial<GivenKernel>): string[] {
  return [
    '-kernel',
    kernel,
    ...(initrd === undefined ? [] : ['-initrd', initrd]),
    ...(commandLine === '' ? [] : ['-append', commandLine]),
  ];
}

/** The firmware that a machine would get on this PC. */
export function firmwareFor(report: QemuReport, secureBoot: boolean): Firmware | null {
  const machine = report.answers.machine;
  if (machine === undefined) return null;
  const { architecture, version } = report;
  return chooseFirmware(report.firmware.found, { architecture, machine: machine.name, secureBoot, version });
}

/** Code and variables in flash. */
export function planPair(firmware: Firmware, machineDirectory: string): Part {
  const directory = join(machineDirectory, 'firmware');
  const vars = join(directory, 'vars.qcow2');
  return {
    machine: {
      pflash0: 'firmware',
      pflash1: 'firmware-vars',
      ...(firmware.requiresSmm ? { smm: 'on' } : {}),
    },
    directories: [directory],
    files: [
      {
        what: 'UEFI variables',
        file: vars,
        template: firmware.vars.file,
        templateFormat: firmware.vars.format,
        format: 'qcow2',
        ...(firmware.enrolledKeys && { certificates: 'microsoft-2023' as const }),
      },
    ],
    arguments: [
      blockdev({
        driver: firmware.code.format,
        'node-name': 'firmware',
        'read-only': true,
        file: { driver: 'file', filename: firmware.code.file },
      }),
      blockdev({
        driver: 'qcow2',
        'node-name': 'firmware-vars',
        // Never follow a backing file that somebody wrote into this image.
        backing: null,
        file: { driver: 'file', filename: vars, locking: 'on' },
      }),
      // Only code in System Management Mode may write the variables: the guest's kernel cannot forge them.
      firmware.requiresSmm ? ['-global', 'driver=cfi.pflash01,property=secure,value=on'] : [],
      ['-boot', 'strict=on'],
    ].flat(),
    decisions: [
      { what: `firmware: ${firmware.code.file}`, why: `${firmware.description} (${firmware.descriptor})` },
    ],
  };
}
