// SPDX-License-Identifier: Apache-2.0
import type { PasstReport } from '../../host/passt.ts';
import type { LeanReport } from '../lean.ts';
import type { Tool } from '../tool.ts';
import type { VirtiofsdAnswers } from '../virtiofsd.ts';
import type { CloudHypervisorAnswers } from './answers.ts';
import type { Firmware } from './firmware.ts';

/** Everything on this PC that the planner's decisions rest on. Plain data: a recorded report is a fixture. */
export interface CloudHypervisorReport extends LeanReport {
  vmm: 'cloud-hypervisor';
  answers: CloudHypervisorAnswers;
  firmware: {
    /** null: none is installed */
    found: Firmware | null;
    /** How to get one */
    install: string;
  };
  passt: PasstReport;
  tools: Record<'env' | 'sh' | 'cat' | 'swtpm' | 'swtpmSetup' | 'virtiofsd', Tool>;
  virtiofsd: VirtiofsdAnswers;
  /** The kernel has Landlock, in the version that Cloud Hypervisor insists on */
  landlock: boolean;
}
