// SPDX-License-Identifier: Apache-2.0
import type { MachineDefinition } from '../../contract/machine.ts';
import type { Decision, PlannedCable, PlannedFile, PlannedProcess, PlannedTpm } from '../../contract/plan.ts';
import type { MachinePaths, Reason, Verdict } from '../driver.ts';
import type { RootPorts } from './pci.ts';
import type { QemuReport } from './report.ts';

/** What one concern of a machine (its disks, its display, ...) adds to the plan. */
export interface Part {
  arguments: string[];
  /** Options of the board, which QEMU wants in one argument */
  machine?: Readonly<Record<string, string>>;
  helpers?: PlannedProcess[];
  directories?: string[];
  files?: PlannedFile[];
  pipes?: string[];
  tpm?: PlannedTpm;
  cables?: PlannedCable[];
  /** Named pipe with the key of the disks */
  diskKey?: string;
  decisions?: Decision[];
}

/** What the concerns plan with. */
export interface Site {
  definition: MachineDefinition;
  report: QemuReport;
  paths: MachinePaths;
  ports: RootPorts;
}

export const nothing: Part = { arguments: [] };

/** The opinion of one concern; an empty one means "no objection". */
export type Opinion = Partial<Verdict>;

/** Whether the binary can make a device. Modules that a distribution packs apart make a difference here. */
export function hasDevice(report: QemuReport, driver: string): boolean {
  return report.answers.devices.includes(driver);
}

/** Why a device cannot be had, when it is the binary that lacks it. */
export function lacksDevice(report: QemuReport, driver: string, code: string, hint: string): Reason {
  return {
    code,
    text: `${report.binary} (version ${report.version}) cannot make the device ${driver}.`,
    hint,
  };
}
