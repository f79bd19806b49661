// SPDX-License-Identifier: Apache-2.0
//
// The words of choosing a system. They come with the view that needs them.
import { catalog as english } from '../../text/en/catalog.ts';
import { catalog as french } from '../../text/fr/catalog.ts';
import { useLanguage, type Language, type Translation } from '../../text/language.ts';

export type CatalogText = Translation<typeof english>;

const texts: Readonly<Record<Language, CatalogText>> = { en: english, fr: french };

export function useCatalogText(): CatalogText {
  return texts[useLanguage()];
}
