// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { useLanguage } from '../../text/language.ts';

const hour = 3600;

/** How moments of a plot are written: short below it, to the second where one is pointed at. */
export function useTimeWords(span: number): (seconds: number, exact: boolean) => string {
  const language = useLanguage();
  return useMemo(() => {
    const clock = { hour: '2-digit', minute: '2-digit' } as const;
    const withSeconds = { ...clock, second: '2-digit' } as const;
    const short = new Intl.DateTimeFormat(language, span < hour ? withSeconds : clock);
    const exact = new Intl.DateTimeFormat(
      language,
      span > 12 * hour ? { ...clock, weekday: 'short' } : withSeconds,
    );
    return (seconds, wanted) => (wanted ? exact : short).format(seconds * 1000);
  }, [language, span]);
}
