// SPDX-License-Identifier: Apache-2.0
import type { AcceleratorVerdict } from '../../contract/host.ts';
import type { Architecture } from '../../contract/machine.ts';
import type { PasstReport } from '../../host/passt.ts';
import type { DriverReport } from '../driver.ts';
import type { Tool } from '../tool.ts';
import type { VirtiofsdAnswers } from '../virtiofsd.ts';
import type { BinaryAnswers } from './binary-answers.ts';
import type { ConfidentialHost } from './confidential-host.ts';
import type { InstalledFirmware } from './firmware.ts';

/** Everything on this PC that the planner's decisions rest on. Plain data: a recorded report is a fixture. */
export interface QemuReport extends DriverReport {
  vmm: 'qemu';
  architecture: Architecture;
  answers: BinaryAnswers;
  accelerator: AcceleratorVerdict;
  firmware: InstalledFirmware & { install: string };
  tools: Record<'env' | 'flock' | 'swtpm' | 'swtpmSetup' | 'virtiofsd', Tool>;
  passt: PasstReport;
  /** What the installed virtiofsd can do; all false when there is none */
  virtiofsd: VirtiofsdAnswers;
  /** What this PC can do for guests with encrypted memory, and for enclaves */
  confidential: ConfidentialHost;
  /** The TPM 2.0 of this PC, /dev/tpm0: null when QEMU can open it, otherwise why not, as a part of a sentence */
  hostTpm: string | null;
  /** Release of Linux: 6.1.0-44-amd64. KVM comes with it */
  kernel: string;
  /** Root plugs network cards into bridges of this PC: null when it does, otherwise why not, as a sentence */
  cables: string | null;
  /** /dev/vhost-net can be opened: the kernel itself carries packets between a card and a bridge */
  vhostNet: boolean;
  /** /dev/vhost-vsock can be opened */
  vhostVsock: boolean;
}
