// SPDX-License-Identifier: Apache-2.0

/**
 * Compares two versions as rpm does, which is how GRUB on Fedora orders its entries: numbers by value, words by
 * letters, a number is newer than a word, and "~" comes before everything.
 * @returns negative when `a` is older
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const order = compareParts(left[index] ?? '', right[index] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

function partsOf(version: string): string[] {
  return version.match(/\d+|[A-Za-z]+|~/g) ?? [];
}

function compareParts(a: string, b: string): number {
  if (a === b) return 0;
  if (a === '~' || b === '~') return a === '~' ? -1 : 1;
  if (a === '' || b === '') return a === '' ? -1 : 1;
  const [isNumber, otherIsNumber] = [/^\d/.test(a), /^\d/.test(b)];
  if (isNumber !== otherIsNumber) return isNumber ? 1 : -1;
  if (!isNumber) return a < b ? -1 : 1;
  const [one, other] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  // Digits of any number: a longer one is larger.
  return one.length - other.length || (one < other ? -1 : one > other ? 1 : 0);
}
