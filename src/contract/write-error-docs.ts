// SPDX-License-Identifier: Apache-2.0
//
// Writes docs/errors.md from the catalogue of errors (npm run gen).
import { writeFile } from 'node:fs/promises';
import { errorCatalogue } from './errors.ts';

export const errorDocsFile = new URL('../../docs/errors.md', import.meta.url);

/** The page docs/errors.md: one line for every error, in the order of the catalogue. */
export function errorDocs(): string {
  const rows = Object.entries(errorCatalogue).map(([code, { status, message, hint }]) => {
    return `| \`${code}\` | ${status} | ${cell(message)} | ${cell(hint)} |`;
  });
  return `<!-- Made by "npm run gen" from src/contract/errors.ts: change that file, not this one. -->

# Errors

Every failure, wherever you meet it (API, command line, page, tasks, events), is one of these. The API replies
with the HTTP status and with this JSON; the command line prints the message and the hint.

    {
      "code": "machine-not-found",
      "message": "There is no machine tiny.",
      "hint": "\\"phyllome list\\" shows all machines, \\"phyllome list --bin\\" the deleted ones.",
      "facts": { "ref": "tiny" }
    }

\`code\` never changes its meaning, so programs may depend on it. Words in braces are filled in; \`facts\` holds
them one by one.

| code | status | meaning | what to do |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}

// A bar would begin the next cell.
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

if (import.meta.main) await writeFile(errorDocsFile, errorDocs());
