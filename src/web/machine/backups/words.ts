// SPDX-License-Identifier: Apache-2.0
//
// The words of backups and schedules; they come with the view that shows them.
import { backups as english } from '../../text/en/backups.ts';
import { backups as french } from '../../text/fr/backups.ts';
import { useLanguage, type Language, type Translation } from '../../text/language.ts';

type BackupText = Translation<typeof english>;

const texts: Readonly<Record<Language, BackupText>> = { en: english, fr: french };

export function useBackupText(): BackupText {
  return texts[useLanguage()];
}
