// SPDX-License-Identifier: Apache-2.0
import { createContext, useContext } from 'react';
import type { english } from './en/index.ts';
import { createFormats, type Formats } from './format.ts';

/** The shape of a translation: the same keys, functions with the same arguments, any words. */
export type Translation<Original> = {
  [Key in keyof Original]: Original[Key] extends (...args: infer Args) => string
    ? (...args: Args) => string
    : Original[Key] extends string
      ? string
      : Translation<Original[Key]>;
};
export type Messages = Translation<typeof english>;

export const languages = { en: 'English', fr: 'Français' } as const;
export type Language = keyof typeof languages;

export interface Texts {
  language: Language;
  messages: Messages;
  formats: Formats;
}

const storageKey = 'phyllome-language';

/** The language the user chose on this page, else the first of the browser's that we have, else English. */
function preferredLanguage(): Language {
  const chosen = localStorage.getItem(storageKey);
  const wanted = [chosen ?? '', ...navigator.languages].map((tag) => tag.slice(0, 2).toLowerCase());
  return wanted.find((tag): tag is Language => tag in languages) ?? 'en';
}

/** Remembers a choice; the page is loaded again to show it. */
export function chooseLanguage(language: Language): void {
  localStorage.setItem(storageKey, language);
  location.reload();
}

/** Loads the words of the preferred language only. */
export async function loadTexts(): Promise<Texts> {
  const language = preferredLanguage();
  document.documentElement.lang = language;
  const messages: Messages =
    language === 'fr' ? (await import('./fr/index.ts')).french : (await import('./en/index.ts')).english;
  return { language, messages, formats: createFormats(language) };
}

export const TextsContext = createContext<Texts | null>(null);

function useTexts(): Texts {
  const texts = useContext(TextsContext);
  if (texts === null) throw new Error('outside of <App>');
  return texts;
}

/** The words of the page, in the language of the user. */
export function useText(): Messages {
  return useTexts().messages;
}

/** How numbers, sizes and times are written in the language of the user. */
export function useFormats(): Formats {
  return useTexts().formats;
}

export function useLanguage(): Language {
  return useTexts().language;
}
