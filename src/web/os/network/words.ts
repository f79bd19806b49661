// SPDX-License-Identifier: Apache-2.0
import { osNetwork as english } from '../../text/en/os-network.ts';
import { osNetwork as french } from '../../text/fr/os-network.ts';
import { useLanguage, type Translation } from '../../text/language.ts';

const words: Record<'en' | 'fr', Translation<typeof english>> = { en: english, fr: french };

/** The words of network, settings and reset, which most pages never load. */
export function useNetworkWords(): Translation<typeof english> {
  return words[useLanguage()];
}
