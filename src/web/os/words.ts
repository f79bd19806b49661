// SPDX-License-Identifier: Apache-2.0
import { os as english } from '../text/en/os.ts';
import { os as french } from '../text/fr/os.ts';
import { useLanguage, type Translation } from '../text/language.ts';

const words: Record<'en' | 'fr', Translation<typeof english>> = { en: english, fr: french };

/** The words of this view, which most pages never load. */
export function useOsWords(): Translation<typeof english> {
  return words[useLanguage()];
}
