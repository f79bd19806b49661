// SPDX-License-Identifier: Apache-2.0

/** Upper and lower case and accents make no difference to who searches. */
export function fold(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
}
