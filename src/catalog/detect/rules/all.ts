// SPDX-License-Identifier: Apache-2.0
import type { Rule } from '../rule.ts';
import { bsdRules } from './bsd.ts';
import { debianRules } from './debian.ts';
import { otherLinuxRules } from './other-linux.ts';
import { otherSystemRules } from './other-systems.ts';
import { redHatRules } from './red-hat.ts';
import { suseRules } from './suse.ts';
import { ubuntuRules } from './ubuntu.ts';
import { windowsRules } from './windows.ts';

/** In this order: what is made from another system comes before it, what is said precisely before what is said vaguely. */
export const rules: readonly Rule[] = [
  ...otherSystemRules,
  ...ubuntuRules,
  ...debianRules,
  ...redHatRules,
  ...suseRules,
  ...otherLinuxRules,
  ...bsdRules,
  ...windowsRules,
];
