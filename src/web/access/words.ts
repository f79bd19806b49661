// SPDX-License-Identifier: Apache-2.0
import { access as english } from '../text/en/access.ts';
import { access as french } from '../text/fr/access.ts';
import { useLanguage, type Language, type Translation } from '../text/language.ts';

type AccessText = Translation<typeof english>;

const texts: Readonly<Record<Language, AccessText>> = { en: english, fr: french };

/** The words of access. They come with the views that need them. */
export function useAccessText(): AccessText {
  return texts[useLanguage()];
}
