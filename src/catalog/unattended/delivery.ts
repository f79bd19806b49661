// SPDX-License-Identifier: Apache-2.0
import type { answerFormats } from '../../contract/catalog.ts';
import type { Answers, Delivery } from './answers.ts';
import { preseed, type PreseedFacts } from './preseed.ts';

type Template = (answers: Answers, facts: PreseedFacts) => Delivery;

const templates: Partial<Record<(typeof answerFormats)[number], Template>> = {
  preseed,
};

/**
 * What an installer is given, in its own format. Pure.
 * @throws PhyllomeError `answers-unusable`
 */
export function deliveryFor(
  format: (typeof answerFormats)[number],
  answers: Answers,
  facts: PreseedFacts,
): Delivery {
  const template = templates[format];
  if (template === undefined) throw new Error(`no template for ${format}`);
  return template(answers, facts);
}
