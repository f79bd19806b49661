// SPDX-License-Identifier: Apache-2.0
//
// The words of everything that keeps machines from getting lost. They come with the views that need them.
import { snapshots as english } from '../../text/en/snapshots.ts';
import { snapshots as french } from '../../text/fr/snapshots.ts';
import { useLanguage, type Language, type Translation } from '../../text/language.ts';

export type SnapshotText = Translation<typeof english>;

const texts: Readonly<Record<Language, SnapshotText>> = { en: english, fr: french };

export function useSnapshotText(): SnapshotText {
  return texts[useLanguage()];
}

/** Why one was taken that nobody asked for; a reason that this page does not know yet as it is. */
export function automaticText(reason: string, { automatic }: Pick<SnapshotText, 'automatic'>): string {
  const known: Readonly<Record<string, string>> = automatic;
  return Object.hasOwn(known, reason) ? (known[reason] ?? reason) : reason;
}
