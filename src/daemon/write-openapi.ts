// SPDX-License-Identifier: Apache-2.0
//
// Writes docs/openapi.json from the table of routes (npm run gen).
import { writeFile } from 'node:fs/promises';
import { openApiDocument } from './openapi.ts';

export const openApiFile = new URL('../../docs/openapi.json', import.meta.url);

export function openApiText(): string {
  return `${JSON.stringify(openApiDocument(), null, 2)}\n`;
}

if (import.meta.main) await writeFile(openApiFile, openApiText());
