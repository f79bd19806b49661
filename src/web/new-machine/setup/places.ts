// SPDX-License-Identifier: Apache-2.0
//
// Languages, keyboards and time zones to choose from, named by the browser.

// Locales that glibc and Windows both have, of the languages most people use.
const locales =
  'ar_EG bg_BG bn_BD ca_ES cs_CZ da_DK de_AT de_CH de_DE el_GR en_AU en_CA en_GB en_IE en_IN en_NZ en_US en_ZA es_AR es_CL es_CO es_ES es_MX et_EE eu_ES fa_IR fi_FI fr_BE fr_CA fr_CH fr_FR ga_IE gl_ES he_IL hi_IN hr_HR hu_HU id_ID is_IS it_CH it_IT ja_JP ko_KR lt_LT lv_LV nb_NO nl_BE nl_NL nn_NO pl_PL pt_BR pt_PT ro_RO ru_RU sk_SK sl_SI sr_RS sv_FI sv_SE ta_IN th_TH tr_TR uk_UA vi_VN zh_CN zh_HK zh_TW'.split(
    ' ',
  );

// XKB layout (a variant in brackets) and the language that names it.
const keyboards: readonly (readonly [layout: string, language: string, variant?: string])[] = [
  ['us', 'en-US'],
  ['us(intl)', 'en-US', 'international'],
  ['us(dvorak)', 'en-US', 'Dvorak'],
  ['us(colemak)', 'en-US', 'Colemak'],
  ['gb', 'en-GB'],
  ['fr', 'fr-FR'],
  ['fr(bepo)', 'fr-FR', 'BÉPO'],
  ['be', 'fr-BE'],
  ['ca', 'fr-CA'],
  ['ch(fr)', 'fr-CH'],
  ['ch', 'de-CH'],
  ['de', 'de-DE'],
  ['at', 'de-AT'],
  ['nl', 'nl-NL'],
  ['es', 'es-ES'],
  ['latam', 'es-419'],
  ['pt', 'pt-PT'],
  ['br', 'pt-BR'],
  ['it', 'it-IT'],
  ['dk', 'da-DK'],
  ['se', 'sv-SE'],
  ['no', 'nb-NO'],
  ['fi', 'fi-FI'],
  ['is', 'is-IS'],
  ['pl', 'pl-PL'],
  ['cz', 'cs-CZ'],
  ['sk', 'sk-SK'],
  ['hu', 'hu-HU'],
  ['ro', 'ro-RO'],
  ['bg', 'bg-BG'],
  ['gr', 'el-GR'],
  ['hr', 'hr-HR'],
  ['si', 'sl-SI'],
  ['rs', 'sr-RS'],
  ['ee', 'et-EE'],
  ['lv', 'lv-LV'],
  ['lt', 'lt-LT'],
  ['ru', 'ru-RU'],
  ['ua', 'uk-UA'],
  ['tr', 'tr-TR'],
  ['il', 'he-IL'],
  ['ara', 'ar'],
  ['ir', 'fa-IR'],
  ['in', 'hi-IN'],
  ['th', 'th-TH'],
  ['vn', 'vi-VN'],
  ['jp', 'ja-JP'],
  ['kr', 'ko-KR'],
];

interface Option {
  value: string;
  label: string;
}

/** The locale (fr_CH) of a browser's language (fr-CH, or fr alone). */
export function localeOf(tag: string): string {
  const { language, region } = new Intl.Locale(tag).maximize();
  return `${language}_${region ?? 'US'}`;
}

function languageNames(language: string): (tag: string) => string {
  const names = new Intl.DisplayNames(language, { type: 'language', languageDisplay: 'standard' });
  return (tag) => names.of(tag) ?? tag;
}

/** @param chosen is offered even when it is not among the usual ones */
export function localeOptions(language: string, chosen: string): Option[] {
  const name = languageNames(language);
  const compare = new Intl.Collator(language).compare;
  return [...new Set([...locales, chosen])]
    .map((value) => ({ value, label: name(value.replace('_', '-')) }))
    .sort((a, b) => compare(a.label, b.label));
}

export function keyboardOptions(language: string): Option[] {
  const name = languageNames(language);
  const compare = new Intl.Collator(language).compare;
  return keyboards
    .map(([value, tag, variant]) => ({
      value,
      label: variant === undefined ? name(tag) : `${name(tag)}, ${variant}`,
    }))
    .sort((a, b) => compare(a.label, b.label));
}

/** Time zones by name: "America/New_York" reads "America/New York". */
export function zoneOptions(chosen: string): Option[] {
  return [...new Set([...Intl.supportedValuesOf('timeZone'), 'UTC', chosen])]
    .toSorted()
    .map((value) => ({ value, label: value.replaceAll('_', ' ') }));
}
