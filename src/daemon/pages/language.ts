// SPDX-License-Identifier: Apache-2.0
export type PageLanguage = 'en' | 'fr';

/** The language that a browser likes best of those we speak (Accept-Language). */
export function preferredLanguage(header: string | undefined): PageLanguage {
  const liked = (header ?? '')
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [name = '', ...parameters] = part
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/);
      const q = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1);
      return { language: name.split('-', 1)[0] as string, q: Number.isFinite(q) ? q : 0 };
    });
  const best = liked
    .filter(({ language, q }) => q > 0 && (language === 'en' || language === 'fr'))
    .toSorted((a, b) => b.q - a.q)[0];
  return best?.language === 'fr' ? 'fr' : 'en';
}
