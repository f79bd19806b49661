// SPDX-License-Identifier: Apache-2.0
import type { PasstReport } from '../../host/passt.ts';
import type { LeanReport } from '../lean.ts';
import type { CrosvmAnswers } from './answers.ts';
import type { SandboxReport } from './sandbox.ts';

/** Everything on this PC that the planner's decisions rest on. Plain data: a recorded report is a fixture. */
export interface CrosvmReport extends LeanReport {
  vmm: 'crosvm';
  answers: CrosvmAnswers;
  sandbox: SandboxReport;
  passt: PasstReport;
  /** /dev/vhost-vsock can be opened */
  vhostVsock: boolean;
}

export const hasOption = ({ answers }: CrosvmReport, option: string): boolean =>
  answers.options.includes(option);
