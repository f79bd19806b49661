// SPDX-License-Identifier: Apache-2.0

/** Of all names that a pattern matches as a whole, the highest version; null: there is none. */
export function newestName(names: readonly string[], pattern: string): string | null {
  const wanted = new RegExp(`^(?:${pattern})$`, 'u');
  return (
    names
      .filter((name) => wanted.test(name))
      .toSorted(compareVersions)
      .at(-1) ?? null
  );
}

/**
 * The order of versions as people count: numbers by their value, "13.0" before "13.0.1", and what is called before its
 * release ("rc", "beta", "alpha", "~") before the release itself.
 */
export function compareVersions(a: string, b: string): number {
  const left = parts(a);
  const right = parts(b);
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const order = comparePart(left[at] ?? '', right[at] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

const parts = (name: string): string[] => name.match(/\d+|[^\d]+/g) ?? [];

function comparePart(a: string, b: string): number {
  if (a === b) return 0;
  const [unfinishedA, unfinishedB] = [a, b].map((part) => /^[._-]?(?:~|alpha|beta|pre|rc)/i.test(part));
  if (unfinishedA !== unfinishedB) return unfinishedA ? -1 : 1;
  const numbers = /^\d+$/.test(a) && /^\d+$/.test(b);
  // Longer than what a number of ours can hold exactly: the date and time of a snapshot, with seconds.
  if (numbers) return BigInt(a) < BigInt(b) ? -1 : BigInt(a) > BigInt(b) ? 1 : 0;
  // A further number goes on before any other text: "13.0.1.iso" is after "13.0.iso".
  const [dottedA, dottedB] = [a, b].map((part) => /^[._-]$/.test(part));
  if (dottedA !== dottedB) return dottedA ? 1 : -1;
  return a < b ? -1 : 1;
}

/** The names a page of a folder links to, as far as they lie in that folder. */
export function linkedNames(page: string, folder: URL): string[] {
  const names = new Set<string>();
  for (const [, link = ''] of page.matchAll(/\bhref\s*=\s*["']?([^"'\s>]{1,1000})/gi)) {
    const url = URL.parse(link.replaceAll('&amp;', '&'), folder);
    // Some folders are shown by another server than the one that has the files: the last part is what counts.
    const last = url?.pathname.split('/').at(-1) ?? '';
    if (last !== '') names.add(decoded(last));
  }
  return [...names];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
