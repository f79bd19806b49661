// SPDX-License-Identifier: Apache-2.0
//
// Names that Windows has for places and keyboards. Zones: the "001" territory of CLDR's windowsZones, and the zones
// people live in; keyboards: language and layout ids as Microsoft lists them.
import type { Keyboard } from './answers.ts';

const zones: Readonly<Record<string, readonly string[]>> = {
  UTC: ['Etc/UTC', 'Etc/GMT', 'UTC'],
  'GMT Standard Time': ['Europe/London', 'Europe/Dublin', 'Europe/Lisbon'],
  'Greenwich Standard Time': ['Atlantic/Reykjavik', 'Africa/Abidjan', 'Africa/Accra', 'Africa/Dakar'],
  'W. Europe Standard Time': [
    ...['Europe/Berlin', 'Europe/Vienna', 'Europe/Zurich', 'Europe/Rome', 'Europe/Amsterdam'],
    ...['Europe/Stockholm', 'Europe/Oslo', 'Europe/Luxembourg', 'Europe/Monaco', 'Europe/Malta'],
  ],
  'Romance Standard Time': ['Europe/Paris', 'Europe/Brussels', 'Europe/Madrid', 'Europe/Copenhagen'],
  'Central Europe Standard Time': [
    ...['Europe/Budapest', 'Europe/Prague', 'Europe/Bratislava', 'Europe/Ljubljana', 'Europe/Belgrade'],
  ],
  'Central European Standard Time': ['Europe/Warsaw', 'Europe/Zagreb', 'Europe/Sarajevo', 'Europe/Skopje'],
  'GTB Standard Time': ['Europe/Bucharest', 'Europe/Athens'],
  'FLE Standard Time': [
    'Europe/Kyiv',
    'Europe/Kiev',
    'Europe/Helsinki',
    'Europe/Riga',
    'Europe/Tallinn',
    'Europe/Vilnius',
    'Europe/Sofia',
  ],
  'Turkey Standard Time': ['Europe/Istanbul'],
  'Russian Standard Time': ['Europe/Moscow'],
  'Belarus Standard Time': ['Europe/Minsk'],
  'Israel Standard Time': ['Asia/Jerusalem'],
  'Egypt Standard Time': ['Africa/Cairo'],
  'South Africa Standard Time': ['Africa/Johannesburg', 'Africa/Harare'],
  'W. Central Africa Standard Time': ['Africa/Lagos', 'Africa/Algiers', 'Africa/Tunis'],
  'Morocco Standard Time': ['Africa/Casablanca'],
  'E. Africa Standard Time': ['Africa/Nairobi'],
  'Arab Standard Time': ['Asia/Riyadh', 'Asia/Kuwait'],
  'Arabian Standard Time': ['Asia/Dubai'],
  'Iran Standard Time': ['Asia/Tehran'],
  'Pakistan Standard Time': ['Asia/Karachi'],
  'India Standard Time': ['Asia/Kolkata', 'Asia/Calcutta'],
  'Bangladesh Standard Time': ['Asia/Dhaka'],
  'SE Asia Standard Time': ['Asia/Bangkok', 'Asia/Jakarta', 'Asia/Ho_Chi_Minh', 'Asia/Saigon'],
  'China Standard Time': ['Asia/Shanghai', 'Asia/Hong_Kong'],
  'Singapore Standard Time': ['Asia/Singapore', 'Asia/Kuala_Lumpur', 'Asia/Manila'],
  'Taipei Standard Time': ['Asia/Taipei'],
  'Tokyo Standard Time': ['Asia/Tokyo'],
  'Korea Standard Time': ['Asia/Seoul'],
  'W. Australia Standard Time': ['Australia/Perth'],
  'Cen. Australia Standard Time': ['Australia/Adelaide'],
  'E. Australia Standard Time': ['Australia/Brisbane'],
  'AUS Eastern Standard Time': ['Australia/Sydney', 'Australia/Melbourne'],
  'New Zealand Standard Time': ['Pacific/Auckland'],
  'Hawaiian Standard Time': ['Pacific/Honolulu'],
  'Alaskan Standard Time': ['America/Anchorage'],
  'Pacific Standard Time': ['America/Los_Angeles', 'America/Vancouver'],
  'US Mountain Standard Time': ['America/Phoenix'],
  'Mountain Standard Time': ['America/Denver', 'America/Edmonton'],
  'Central Standard Time': ['America/Chicago', 'America/Winnipeg'],
  'Central Standard Time (Mexico)': ['America/Mexico_City'],
  'Eastern Standard Time': ['America/New_York', 'America/Toronto', 'America/Detroit'],
  'SA Pacific Standard Time': ['America/Bogota', 'America/Lima', 'America/Panama'],
  'Atlantic Standard Time': ['America/Halifax'],
  'Newfoundland Standard Time': ['America/St_Johns'],
  'Venezuela Standard Time': ['America/Caracas'],
  'Pacific SA Standard Time': ['America/Santiago'],
  'E. South America Standard Time': ['America/Sao_Paulo'],
  'Argentina Standard Time': ['America/Argentina/Buenos_Aires', 'America/Buenos_Aires'],
};

/** UTC where Windows has no name that we know: it can be changed in its settings. */
export function windowsZone(timezone: string): string {
  return Object.entries(zones).find(([, names]) => names.includes(timezone))?.[0] ?? 'UTC';
}

const keyboards: Readonly<Record<string, string>> = {
  us: '0409:00000409',
  'us(intl)': '0409:00020409',
  'us(dvorak)': '0409:00010409',
  gb: '0809:00000809',
  de: '0407:00000407',
  at: '0c07:00000407',
  ch: '0807:00000807',
  'ch(fr)': '100c:0000100c',
  fr: '040c:0000040c',
  be: '080c:0000080c',
  ca: '0c0c:00001009',
  es: '040a:0000040a',
  latam: '080a:0000080a',
  it: '0410:00000410',
  pt: '0816:00000816',
  br: '0416:00000416',
  nl: '0413:00020409',
  dk: '0406:00000406',
  no: '0414:00000414',
  se: '041d:0000041d',
  fi: '040b:0000040b',
  pl: '0415:00000415',
  cz: '0405:00000405',
  sk: '041b:0000041b',
  hu: '040e:0000040e',
  ro: '0418:00010418',
  tr: '041f:0000041f',
  gr: '0408:00000408',
  ru: '0419:00000419',
  ua: '0422:00020422',
  jp: '0411:{03B5835F-F03C-411B-9CE2-AA23E1171E36}{A76C93D9-5523-4E90-AAFA-4DB112F9AC76}',
  kr: '0412:{A028AE76-01B1-46C2-99C4-ACD9858AE02F}{B5FE1F02-D5F2-4445-9C03-C568F23C99A1}',
};

/** The keyboard of the language where this one is not known. */
export function windowsKeyboard({ layout, variant }: Keyboard, language: string): string {
  return keyboards[variant === '' ? layout : `${layout}(${variant})`] ?? keyboards[layout] ?? language;
}
