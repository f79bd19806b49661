// SPDX-License-Identifier: Apache-2.0
//
// Writes docs/commands.md from the table of commands (npm run gen).
import { writeFile } from 'node:fs/promises';
import { commands } from './commands.ts';
import { commandHelp, overview } from './help.ts';

export const commandDocsFile = new URL('../../docs/commands.md', import.meta.url);

/** The page docs/commands.md: what "phyllome help" and each "--help" print. */
export function commandDocs(): string {
  const pages = commands
    .filter((command) => command.hidden !== true)
    .map((command) => `## ${command.name}\n\n\`\`\`text\n${commandHelp(command)}\n\`\`\``);
  return `<!-- Made by "npm run gen" from src/cli/commands.ts: change that file, not this one. -->

# Which commands are there?

\`\`\`text
${overview(commands)}
\`\`\`

${pages.join('\n\n')}
`;
}

if (import.meta.main) await writeFile(commandDocsFile, commandDocs());
