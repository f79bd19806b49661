// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'react';
import type { ErrorReport } from '../../contract/errors.ts';
import { fill } from '../../contract/fill.ts';
import { useLanguage, useText } from './language.ts';

type Words = { message: string; hint: string };
type Templates = Readonly<Record<string, Words>>;

/**
 * What an error says in the language of the user. The service speaks English; for other languages the
 * templates of the error list are translated here and filled with the facts the error carries.
 */
export function useErrorWords(report: ErrorReport): Words {
  const language = useLanguage();
  const { pageUnreachable } = useText().common;
  const [templates, setTemplates] = useState<Templates | null>(null);
  useEffect(() => {
    if (language === 'fr') void import('./fr/errors.ts').then((module) => setTemplates(module.errors));
  }, [language]);
  if (report.code === 'page-unreachable') return pageUnreachable;
  const template = templates?.[report.code];
  return template === undefined
    ? report
    : { message: fill(template.message, report.facts), hint: fill(template.hint, report.facts) };
}
