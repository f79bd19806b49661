// SPDX-License-Identifier: Apache-2.0
import { media } from '../../text/fr/media.ts';
import { useLanguage } from '../../text/language.ts';
import { English } from '../../parts/english.tsx';

/** The name of a medium, which is English in the catalogue, in the language of the page where we know it. */
export function MediumName({ name }: { name: string }) {
  const language = useLanguage();
  const known = language === 'fr' && Object.hasOwn(media, name) ? media[name] : undefined;
  return known ?? <English>{name}</English>;
}
