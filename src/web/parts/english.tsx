// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import { useLanguage } from '../text/language.ts';

/** A text of the catalogue, which is in English: marked as such where the page is not, so that it is read out right. */
export function English({ children }: { children: ReactNode }) {
  return useLanguage() === 'en' ? children : <span lang="en">{children}</span>;
}
