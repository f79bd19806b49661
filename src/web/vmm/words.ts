// SPDX-License-Identifier: Apache-2.0
//
// The words of everything about VMMs. Both languages come with the views that need them: they are short, and the first
// load of the page is the lighter for it.
import type { VmmClaim, VmmFeature } from '../../contract/vmm.ts';
import { vmm as english } from '../text/en/vmm.ts';
import { vmm as french } from '../text/fr/vmm.ts';
import { useLanguage, type Language, type Translation } from '../text/language.ts';

export type VmmText = Translation<typeof english>;

const texts: Readonly<Record<Language, VmmText>> = { en: english, fr: french };

export function useVmmText(): VmmText {
  return texts[useLanguage()];
}

/** How we know something of a VMM. */
export function sourceText(
  { source, possible }: Pick<VmmClaim, 'source' | 'possible'>,
  { sources }: Pick<VmmText, 'sources'>,
): string {
  if (source === 'design') return possible === 'no' ? sources.designNo : sources.designYes;
  return sources[source];
}

/** The name of a VMM as people write it; an unknown one as it is. */
export function vmmName(vmm: string, { names }: Pick<VmmText, 'names'>): string {
  return (names as Readonly<Record<string, string>>)[vmm] ?? vmm;
}

/** The feature that a reason is about: "no-tpm" and "partly-tpm" are about the TPM. Others are about none. */
export function featureOf(code: string, { features }: Pick<VmmText, 'features'>): VmmFeature | null {
  const [, name = ''] = /^(?:no|partly)-(.+)$/.exec(code) ?? [];
  return Object.hasOwn(features, name) ? (name as VmmFeature) : null;
}
