// SPDX-License-Identifier: Apache-2.0
import { Type } from '../../contract/schema.ts';
import { readOffer } from './disks/offer.ts';
import type { Verb } from './verb.ts';

/** Shows the disks of this PC and which of them may be installed on. Root, since others see neither serials nor contents. */
export const disks: Verb<object> = {
  request: Type.Object({}, { additionalProperties: false }),
  exclusive: false,
  run: (_request, { root, signal }) => readOffer(root, signal),
};
