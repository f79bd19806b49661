// SPDX-License-Identifier: Apache-2.0
import { machine } from 'node:os';
import type { Architecture } from '../contract/machine.ts';

/** The processor of this PC as the kernel names it, or null when it is none that we have guests for. */
export function hostArchitecture(): Architecture | null {
  const name = machine();
  return name === 'x86_64' || name === 'aarch64' || name === 'riscv64' ? name : null;
}
