// SPDX-License-Identifier: Apache-2.0
//
// Writes docs/keys.md from the names of keys (npm run gen).
import { writeFile } from 'node:fs/promises';
import { keyAliases, keyGroups } from './keys.ts';

export const keyDocsFile = new URL('../../docs/keys.md', import.meta.url);

/** The page docs/keys.md: all names of keys, group by group. */
export function keyDocs(): string {
  const groups = keyGroups.map(({ title, names }) => `| ${title} | ${names.map(code).join(' ')} |`);
  const aliases = Object.entries(keyAliases).map(([alias, name]) => `${code(alias)} is ${code(name)}`);
  return `<!-- Made by "npm run gen" from src/contract/keys.ts: change that file, not this one. -->

# How do I press keys that my own keyboard keeps for itself?

    phyllome press tiny ctrl alt delete       keys together, in this order, then let go of them
    phyllome type tiny 'user name'            a text, as on a US keyboard
    echo poweroff | phyllome type tiny -      what standard input holds, line breaks included

Both need a machine that runs and has a display, since its keyboard comes with the display. They press the keys of
the machine's keyboard: whatever has the focus in the guest gets them.

**Keys are places.** A key is named after what it does on a US keyboard. A guest that is set to another layout reads
another character: on a German layout the key \`y\` types a z. So \`type\` writes what you gave only in a guest with a
US layout, which is what installers, firmware and login screens of most systems begin with.

**What can be typed:** the printable characters of ASCII, tabs and line breaks (enter). A text with any other
character is refused before anything is typed.

**How fast:** some 25 characters a second (12 with shift). Faster, and guests that are busy lose keys: a USB keyboard
holds 16 presses and releases that the guest has not fetched yet.

| group | names |
| --- | --- |
${groups.join('\n')}

Upper and lower case do not matter. ${aliases.join(', ')}. QEMU before 8.0 has no \`f13\` to \`f24\`.
`;
}

const code = (name: string): string => `\`${name}\``;

if (import.meta.main) await writeFile(keyDocsFile, keyDocs());
