// SPDX-License-Identifier: Apache-2.0
//
// The words of the installer. They come with the view that needs them: most PCs never see it.
import { install as english } from '../text/en/install.ts';
import { install as french } from '../text/fr/install.ts';
import { useLanguage, type Language, type Translation } from '../text/language.ts';

export type InstallText = Translation<typeof english>;

const texts: Readonly<Record<Language, InstallText>> = { en: english, fr: french };

export function useInstallText(): InstallText {
  return texts[useLanguage()];
}
