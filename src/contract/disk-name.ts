// SPDX-License-Identifier: Apache-2.0

/** Whether what somebody typed is the name that was shown: blanks and capitals do not matter, everything else does. */
export function sameName(typed: string, name: string): boolean {
  return bare(name) !== '' && bare(typed) === bare(name);
}

const bare = (text: string): string => text.trim().replaceAll(/\s+/g, ' ').toLowerCase();
