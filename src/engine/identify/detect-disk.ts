// SPDX-License-Identifier: Apache-2.0
//
// What is installed on a disk, as far as its beginning and its partition table tell.
import type { ImageFormat } from '../../contract/image.ts';
import type { Detected } from '../../catalog/detect/detect.ts';

type Found = Detected & { facts: Record<string, string> };

export async function detectDisk(_file: string, format: ImageFormat, found: string): Promise<Found> {
  return {
    family: null,
    id: 'generic',
    name: 'Unknown',
    osinfo: null,
    architecture: null,
    kind: 'disk',
    confidence: 'none',
    reasons: [`It is ${found}.`],
    answers: null,
    facts: { format },
  };
}
