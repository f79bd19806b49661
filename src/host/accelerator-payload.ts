// SPDX-License-Identifier: Apache-2.0
import type { Architecture } from '../contract/machine.ts';
import type { Payload } from './payload.ts';
import { payloadAarch64 } from './payload-aarch64.ts';
import { payloadX86 } from './payload-x86-64.ts';

/** The test guest of an architecture; null where we have none yet. */
export function payloadFor(architecture: Architecture): Payload | null {
  switch (architecture) {
    case 'x86_64':
      return payloadX86;
    case 'aarch64':
      return payloadAarch64;
    case 'riscv64':
      return null;
  }
}
