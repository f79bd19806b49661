// SPDX-License-Identifier: Apache-2.0
import type { CatalogItem } from './item.ts';
import { tiny } from './tiny/entry.ts';

/** What machines can be made from, in the order in which it is shown. */
export const catalog: readonly CatalogItem[] = [tiny];
