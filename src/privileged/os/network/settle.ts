// SPDX-License-Identifier: Apache-2.0
import { Type } from '../../../contract/schema.ts';
import type { Verb } from '../verb.ts';
import { settle as settleChange } from './checkpoint.ts';
import { openManager } from './manager.ts';

/** Keeps the change of the network that waits, or takes it back. */
export const settle: Verb<{ keep: boolean }> = {
  request: Type.Object({ keep: Type.Boolean() }, { additionalProperties: false }),
  exclusive: true,
  async run({ keep }, { root, signal }) {
    await settleChange(openManager(root, signal), keep);
    return null;
  },
};
