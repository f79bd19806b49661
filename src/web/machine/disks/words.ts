// SPDX-License-Identifier: Apache-2.0
//
// The words of looking after disks; they come with the part of the settings that needs them.
import { disks as english } from '../../text/en/disks.ts';
import { disks as french } from '../../text/fr/disks.ts';
import { useLanguage, type Language, type Translation } from '../../text/language.ts';

type DiskText = Translation<typeof english>;

const texts: Readonly<Record<Language, DiskText>> = { en: english, fr: french };

export function useDiskText(): DiskText {
  return texts[useLanguage()];
}
