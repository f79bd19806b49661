// SPDX-License-Identifier: Apache-2.0

/** The error list of contract/errors.ts in French; errors.test.ts holds the two against each other. */
export const errors: Readonly<Record<string, { message: string; hint: string }>> = {};
