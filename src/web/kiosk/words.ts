// SPDX-License-Identifier: Apache-2.0
//
// The words of the screen of this PC. They come with the views that need them.
import { kiosk as english } from '../text/en/kiosk.ts';
import { kiosk as french } from '../text/fr/kiosk.ts';
import { useLanguage, type Language, type Translation } from '../text/language.ts';

export type KioskText = Translation<typeof english>;

const texts: Readonly<Record<Language, KioskText>> = { en: english, fr: french };

export function useKioskText(): KioskText {
  return texts[useLanguage()];
}
