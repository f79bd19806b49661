// SPDX-License-Identifier: Apache-2.0

/** A command as it can be pasted into a shell, one argument a line. Control characters become $'...' (POSIX 2024, bash, zsh). */
export function shellText(command: readonly string[]): string {
  return command.map(quote).join(' \\\n  ');
}

function quote(argument: string): string {
  if (/^[\w@%+:,./-][\w@%+=:,./-]*$/.test(argument)) return argument;
  if (!/\p{Cc}/u.test(argument)) return `'${argument.replaceAll("'", String.raw`'\''`)}'`;
  return `$'${argument.replaceAll(/['\\]/g, String.raw`\$&`).replaceAll(/\p{Cc}/gu, octal)}'`;
}

function octal(character: string): string {
  return Array.from(
    new TextEncoder().encode(character),
    (byte) => `\\${byte.toString(8).padStart(3, '0')}`,
  ).join('');
}
