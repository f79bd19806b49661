// SPDX-License-Identifier: Apache-2.0
import { boot } from './boot.ts';
import { doctor } from './doctor.ts';
import { live } from './live.ts';
import { tiny } from './tiny.ts';
import { vfio } from './vfio.ts';
import type { Stage } from './stage.ts';

/** All stages, in the order in which they are worth running. */
export const stages: readonly Stage[] = [boot, doctor, tiny, vfio, live];
