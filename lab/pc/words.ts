// SPDX-License-Identifier: Apache-2.0

/** Arguments that hold no path, cut at blanks. */
export const words = (text: string): string[] => text.split(' ');
