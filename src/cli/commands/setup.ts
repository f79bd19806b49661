// SPDX-License-Identifier: Apache-2.0
import type { Run } from '../context.ts';

/** The launcher has done it: this program would not run otherwise, and it does not get here through the launcher. */
export const setup: Run = async ({ output }) => {
  output.say('Setting up is the launcher\'s work: run "./phyllome setup" in the folder of Phyllome.');
};
