// SPDX-License-Identifier: Apache-2.0
//
// The picture of a family of systems: two letters on its colour. Their logos are marks of their makers, not ours.

// What many systems have in their names tells none of them apart.
const common = new Set(['linux', 'os', 'gnu', 'project', 'the', 'server']);

/** Debian -> De, Linux Mint -> Mi, FreeBSD -> FB, openSUSE -> oS, Home Assistant OS -> HA */
export function letters(name: string): string {
  const words = name
    .replaceAll(/(?<=\p{Ll})(?=\p{Lu}{2})/gu, ' ')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  const telling = words.filter((word) => !common.has(word.toLowerCase()));
  const [first = '?', second] = telling.length > 0 ? telling : words;
  if (second !== undefined && /^\p{L}/u.test(second)) return initial(first) + initial(second);
  const [one = '', two = ''] = Array.from(first);
  return one + two.toLowerCase();
}

function initial(word: string): string {
  return Array.from(word)[0] ?? '';
}

/**
 * A colour (#rrggbb) as the ground of letters: white ones on most, for which it may become a little darker, and dark
 * ones on bright colours. The contrast is 4.5 or more, as WCAG 2 wants for text.
 */
export function groundOf(colour: string): { ground: string; ink: '#ffffff' | '#1a1a1a' } {
  if (contrast(colour, '#ffffff') < 2.6) return { ground: colour, ink: '#1a1a1a' };
  let ground = colour;
  for (let share = 0.98; contrast(ground, '#ffffff') < 4.5; share -= 0.02) ground = darker(colour, share);
  return { ground, ink: '#ffffff' };
}

function darker(colour: string, share: number): string {
  const parts = channels(colour).map((value) => Math.floor(value * share));
  return `#${parts.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

export function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((value) => {
    const part = value / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}
