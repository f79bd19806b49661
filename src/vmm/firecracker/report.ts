// SPDX-License-Identifier: Apache-2.0
import type { PastaReport } from '../../host/pasta.ts';
import type { LeanReport } from '../lean.ts';
import type { FirecrackerAnswers } from './answers.ts';

/** Everything on this PC that the planner's decisions rest on. Plain data: a recorded report is a fixture. */
export interface FirecrackerReport extends LeanReport {
  vmm: 'firecracker';
  answers: FirecrackerAnswers;
  pasta: PastaReport;
  /** Carries its log into the file */
  cat: string;
}
