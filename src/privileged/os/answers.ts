// SPDX-License-Identifier: Apache-2.0
import { Type } from '../../contract/schema.ts';
import { findAnswers } from './install/find-answers.ts';
import type { Verb } from './verb.ts';

/** The answers that somebody gave to this live system before it started. Secrets are in them: they go to the service only. */
export const answers: Verb<object> = {
  request: Type.Object({}, { additionalProperties: false }),
  exclusive: false,
  run: async (_request, { root, signal }) => ({ text: await findAnswers(root, signal) }),
};
