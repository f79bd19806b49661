// SPDX-License-Identifier: Apache-2.0
//
// The words of dialogs about copies, deletion and encryption. Both languages come with the dialogs, which are rare.
import { keep as english } from '../../text/en/keep.ts';
import { keep as french } from '../../text/fr/keep.ts';
import { useLanguage, type Language, type Translation } from '../../text/language.ts';

type KeepText = Translation<typeof english>;

const texts: Readonly<Record<Language, KeepText>> = { en: english, fr: french };

export function useKeepText(): KeepText {
  return texts[useLanguage()];
}
