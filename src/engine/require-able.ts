// SPDX-License-Identifier: Apache-2.0
import { PhyllomeError } from '../contract/errors.ts';
import type { Session } from '../vmm/driver.ts';
import type { Runner } from './runner.ts';

const words = {
  pause: 'pause it',
  powerButton: 'press its power button',
  screenshot: 'show its screen',
  memory: 'save it',
  heads: 'keep it as a snapshot while it runs',
} as const;
type Ability = keyof typeof words;

/** Not every VMM has every verb. @throws PhyllomeError `verb-unsupported` */
export function requireAble<Name extends Ability>(
  session: Session,
  ability: Name,
  { plan }: Pick<Runner, 'plan'>,
  name: string,
): asserts session is Session & Required<Pick<Session, Name>> {
  if (session[ability] !== undefined) return;
  throw new PhyllomeError('verb-unsupported', { vmm: plan?.vmm ?? 'its VMM', name, verb: words[ability] });
}
