// SPDX-License-Identifier: Apache-2.0
//
// The words of what a firmware trusts. They come with the view that needs them.
import { firmware as english } from '../../text/en/firmware.ts';
import { firmware as french } from '../../text/fr/firmware.ts';
import { useLanguage, type Language, type Translation } from '../../text/language.ts';

export type FirmwareText = Translation<typeof english>;

const texts: Readonly<Record<Language, FirmwareText>> = { en: english, fr: french };

export function useFirmwareText(): FirmwareText {
  return texts[useLanguage()];
}
