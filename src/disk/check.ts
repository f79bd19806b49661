// SPDX-License-Identifier: Apache-2.0
import { runQemuImg } from './qemu-img.ts';

export interface CheckResult {
  /** Places where the tables contradict each other: content may be lost */
  corruptions: number;
  /** Clusters that are taken and that nothing uses: only space is lost */
  leaks: number;
  /** Places that could not be looked at */
  errors: number;
  /** Clusters that hold something, of so many */
  usedClusters: number;
  totalClusters: number;
}

// 0: sound; 2: corrupt; 3: only leaks (qemu-img(1)). Anything else is no answer.
const answers = [0, 2, 3];

/**
 * Checks the tables of a qcow2 image that was inspected, and repairs them when asked; the result is that after the repair.
 * @throws PhyllomeError `tool-missing`, `no-space`, `disk-in-use`, `file-unreadable`; the reason of the signal
 */
export async function checkImage(
  file: string,
  repair: 'leaks' | 'all' | null,
  signal?: AbortSignal,
): Promise<CheckResult> {
  if (repair !== null)
    await runQemuImg(['check', '-q', '-r', repair, '-f', 'qcow2', file], 'disk', file, { accepted: answers });
  const parameters = ['check', '--output=json', '-f', 'qcow2', file];
  const output = await runQemuImg(parameters, 'disk', file, { accepted: answers, ...(signal && { signal }) });
  const found = JSON.parse(output) as Record<string, number | undefined>;
  return {
    corruptions: found['corruptions'] ?? 0,
    leaks: found['leaks'] ?? 0,
    errors: found['check-errors'] ?? 0,
    usedClusters: found['allocated-clusters'] ?? 0,
    totalClusters: found['total-clusters'] ?? 0,
  };
}
