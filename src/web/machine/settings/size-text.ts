// SPDX-License-Identifier: Apache-2.0
import { formatSize, parseSize } from '../../../contract/size.ts';

/** Bytes as one writes them into a field, exact: "4 GiB", in French "4 Gio". */
export function writeSize(bytes: number, language: string): string {
  const text = formatSize(bytes).replace(/(?<=\d)(?=[A-Z])/, ' ');
  return language === 'fr' ? text.replace('iB', 'io') : text;
}

/** Reads what people write: "4 GiB", "4Gio", "1,5 g"; a bare number means GiB. Null when it is no size. */
export function readSize(text: string): number | null {
  const plain = text.trim().replace(',', '.').replaceAll(/\s/g, '');
  const match = /^([\d.]+)([kmgt]?)(i[bo])?([bo]?)$/i.exec(plain);
  if (match === null) return null;
  const [, number = '', prefix = '', binary = '', byte = ''] = match;
  // "GB" and "Go" mean 1000 to one half of the world.
  if (byte !== '' && (prefix !== '' || binary !== '')) return null;
  if (binary !== '' && prefix === '') return null;
  const unit = byte === '' ? (prefix === '' ? 'G' : prefix.toUpperCase()) : '';
  return parseSize(`${number}${unit}`);
}
