// SPDX-License-Identifier: Apache-2.0
import type { Architecture, MachineDraft } from '../contract/machine.ts';

interface Preparation {
  /** Folder of the machine that is being made */
  directory: string;
  architecture: Architecture;
  cacheDirectory: string;
  progress: (step: string, fraction: number | null) => void;
  signal: AbortSignal;
}

/** Something a machine can be made from that is made on this PC. */
export interface CatalogItem {
  id: string;
  name: string;
  description: string;
  /** The definition, without name and id; its files are relative to the machine's folder */
  draft(architecture: Architecture): MachineDraft;
  /** Puts the files that the draft names into the folder. Disks that have a size are created by the engine. */
  prepare(preparation: Preparation): Promise<void>;
}
