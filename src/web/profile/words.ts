// SPDX-License-Identifier: Apache-2.0
//
// The words of what suits a system. They come with the view that needs them.
import { profile as english } from '../text/en/profile.ts';
import { profile as french } from '../text/fr/profile.ts';
import { useLanguage, type Language, type Translation } from '../text/language.ts';

export type ProfileText = Translation<typeof english>;

const texts: Readonly<Record<Language, ProfileText>> = { en: english, fr: french };

export function useProfileText(): ProfileText {
  return texts[useLanguage()];
}
