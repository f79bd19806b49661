// SPDX-License-Identifier: Apache-2.0

export interface Formats {
  number(value: number, digits?: number): string;
  /** 0.42 -> 42 % */
  percent(fraction: number): string;
  /** Binary units, as everywhere in Phyllome: 2147483648 -> 2 GiB */
  bytes(bytes: number): string;
  /** 1048576 -> 1 MiB/s */
  rate(bytesPerSecond: number): string;
  /** A span of time: 95 -> 1 min 35 s */
  duration(seconds: number): string;
  /** A point in time (ISO 8601), with the date unless it is today */
  time(iso: string): string;
  /** The day of a point in time: 3 Dec 2026 */
  date(iso: string): string;
  /** The same, whole, for tooltips */
  exactTime(iso: string): string;
  /** "3 minutes ago" */
  ago(iso: string): string;
  /** "a, b and c" */
  list(items: readonly string[]): string;
  /** Which of the plural forms of the language a number takes */
  plural(count: number, forms: { one: string; other: string }): string;
  /** For lists by name: numbers in names count as numbers */
  compare(a: string, b: string): number;
}

const byteUnits = {
  en: ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'],
  fr: ['o', 'Kio', 'Mio', 'Gio', 'Tio', 'Pio'],
} as const;

export function createFormats(language: keyof typeof byteUnits): Formats {
  const units = byteUnits[language];
  const number = (value: number, digits = 0): string =>
    new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
  const unit = (value: number, name: string): string =>
    new Intl.NumberFormat(language, {
      style: 'unit',
      unit: name,
      unitDisplay: 'short',
      maximumFractionDigits: 0,
    }).format(value);
  const plurals = new Intl.PluralRules(language);
  const collator = new Intl.Collator(language, { numeric: true, sensitivity: 'base' });

  const bytes = (value: number): string => {
    let scaled = Math.abs(value);
    let index = 0;
    while (scaled >= 1024 && index < units.length - 1) {
      scaled /= 1024;
      index += 1;
    }
    // Three figures tell enough: 1.5 GiB, 15.2 GiB, 152 GiB.
    return `${number(Math.sign(value) * scaled, index === 0 || scaled >= 100 ? 0 : 1)} ${units[index]}`;
  };

  return {
    number,
    percent: (fraction) =>
      new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 }).format(fraction),
    bytes,
    rate: (value) => `${bytes(value)}/s`,
    duration(seconds) {
      const whole = Math.max(0, Math.round(seconds));
      const parts: [number, string][] = [
        [Math.floor(whole / 86_400), 'day'],
        [Math.floor((whole % 86_400) / 3600), 'hour'],
        [Math.floor((whole % 3600) / 60), 'minute'],
        [whole % 60, 'second'],
      ];
      // The two largest parts: nobody needs the seconds of a day.
      const first = parts.findIndex(([value]) => value > 0);
      const shown =
        first === -1 ? parts.slice(3) : parts.slice(first, first + 2).filter(([value]) => value > 0);
      return shown.map(([value, name]) => unit(value, name)).join(' ');
    },
    time(iso) {
      const date = new Date(iso);
      const today = date.toDateString() === new Date().toDateString();
      return date.toLocaleString(language, {
        ...(!today && { dateStyle: 'medium' as const }),
        timeStyle: 'medium',
      });
    },
    date: (iso) => new Date(iso).toLocaleDateString(language, { dateStyle: 'medium' }),
    exactTime: (iso) => new Date(iso).toLocaleString(language, { dateStyle: 'full', timeStyle: 'long' }),
    ago(iso) {
      const seconds = (Date.parse(iso) - Date.now()) / 1000;
      const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
      const steps: [number, Intl.RelativeTimeFormatUnit][] = [
        [86_400, 'day'],
        [3600, 'hour'],
        [60, 'minute'],
      ];
      const [size, name] = steps.find(([step]) => Math.abs(seconds) >= step) ?? [1, 'second'];
      return relative.format(Math.round(seconds / size), name);
    },
    list: (items) => new Intl.ListFormat(language, { type: 'conjunction' }).format(items),
    plural: (count, forms) => forms[plurals.select(count) === 'one' ? 'one' : 'other'],
    compare: (a, b) => collator.compare(a, b),
  };
}
