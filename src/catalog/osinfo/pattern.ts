// SPDX-License-Identifier: Apache-2.0

const classes: Record<string, string> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: String.raw`\s`,
  punct: String.raw`!-\/:-@\[-\`{-~`,
  xdigit: '0-9A-Fa-f',
  word: String.raw`\w`,
  blank: String.raw` \t`,
};

/**
 * An expression of osinfo-db (Perl's kind, found anywhere in the text, with regard to case) as one of JavaScript.
 * @returns null for one that cannot be said here: its rule is skipped
 */
export function perlPattern(source: string): RegExp | null {
  const insensitive = source.startsWith('(?i)');
  const translated = (insensitive ? source.slice(4) : source)
    .replaceAll(/\[:(\w+):\]/g, (whole, name: string) => classes[name] ?? whole)
    .replaceAll(String.raw`\A`, '^')
    .replaceAll(/\\[zZ]/g, '$')
    .replaceAll(String.raw`\h`, String.raw`[ \t]`)
    .replaceAll(/([*+?}])\+/g, '$1');
  try {
    return new RegExp(translated, insensitive ? 'i' : '');
  } catch {
    return null;
  }
}
