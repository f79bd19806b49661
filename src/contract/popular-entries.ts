// SPDX-License-Identifier: Apache-2.0

/** Aliases in the catalogue of what most people look for, told to those who ask for what there is not. */
export const popularEntries = ['debian', 'ubuntu', 'fedora', 'windows'];
