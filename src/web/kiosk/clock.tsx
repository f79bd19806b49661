// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'react';
import { useLanguage } from '../text/language.ts';

const minute = 60_000;
const parts = {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: 'numeric',
  minute: '2-digit',
} as const;

/** Day and time on this PC: a page that fills the screen leaves no other clock. */
export function Clock() {
  const language = useLanguage();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const turn = setTimeout(() => setNow(Date.now()), minute - (now % minute));
    return () => clearTimeout(turn);
  }, [now]);
  return (
    <time className="kiosk-clock" dateTime={new Date(now).toISOString()}>
      {new Intl.DateTimeFormat(language, parts).format(now)}
    </time>
  );
}
