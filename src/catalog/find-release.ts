// SPDX-License-Identifier: Apache-2.0
import type { Download } from './entry-file.ts';

// Stand in an entry for what was found on the page that names the newest release, and for the number it begins with:
// Fedora's folder is called 44, what is in it 44-1.7.
const placeholder = '{found}';
const majorPlaceholder = '{major}';

/**
 * The newest release that a page names: of all texts that the pattern's group matches, the highest version. Pages of
 * folders name each release several times and in any order, so the order there says nothing.
 * @returns null when the page names none: it changed, or it is a page that says so
 */
export function findRelease(page: string, pattern: string): string | null {
  const found = [...page.matchAll(new RegExp(pattern, 'gmu'))].flatMap(([, version]) => version ?? []);
  // What would leave the folder it stands for is no version.
  return (
    found
      .filter((version) => /^[A-Za-z0-9][A-Za-z0-9._+-]*$/.test(version))
      .toSorted(byVersion)
      .at(-1) ?? null
  );
}

/** The download of that very release. In patterns the text found stands for itself. */
export function ofRelease(download: Download, found: string): Download {
  const { find: _, checksums, ...rest } = download;
  const major = /^\d*/.exec(found)?.[0] ?? '';
  const put = (text: string, value = found) =>
    text.replaceAll(placeholder, value).replaceAll(majorPlaceholder, major);
  return {
    ...rest,
    folder: put(rest.folder),
    mirrors: rest.mirrors.map((mirror) => put(mirror)),
    file: put(rest.file, found.replaceAll(/[.+]/g, String.raw`\$&`)),
    ...(checksums && { checksums: { ...checksums, url: put(checksums.url) } }),
  };
}

/** The one name that a pattern without choices matches: it needs no list to be found in. Null: it has choices. */
export function literalName(pattern: string): string | null {
  const plain = pattern.replaceAll(/\\([.+-])/g, '');
  return /[\\^$.*+?()[\]{}|]/.test(plain) ? null : pattern.replaceAll('\\', '');
}

function byVersion(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
