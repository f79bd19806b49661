// SPDX-License-Identifier: Apache-2.0
//
// The words of an installation that asks nothing. They come with the view that needs them.
import { setup as english } from '../../text/en/setup.ts';
import { setup as french } from '../../text/fr/setup.ts';
import { useLanguage, type Language, type Translation } from '../../text/language.ts';

export type SetupText = Translation<typeof english>;

const texts: Readonly<Record<Language, SetupText>> = { en: english, fr: french };

export function useSetupText(): SetupText {
  return texts[useLanguage()];
}
