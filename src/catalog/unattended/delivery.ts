// SPDX-License-Identifier: Apache-2.0
import type { answerFormats } from '../../contract/catalog.ts';
import { autoinstall } from './autoinstall.ts';
import { autounattend } from './autounattend.ts';
import type { Answers, Delivery } from './answers.ts';
import { cloudInit } from './cloud-init.ts';
import { ignition } from './ignition.ts';
import { kickstart } from './kickstart.ts';
import { preseed, type PreseedFacts } from './preseed.ts';
import { agama, autoyast } from './suse.ts';

type Template = (answers: Answers, facts: PreseedFacts) => Delivery;

const templates: Readonly<Record<(typeof answerFormats)[number], Template>> = {
  preseed,
  autoinstall,
  kickstart,
  autoyast,
  agama,
  'cloud-init': cloudInit,
  ignition,
  autounattend,
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
  return templates[format](answers, facts);
}
