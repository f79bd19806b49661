// SPDX-License-Identifier: Apache-2.0

/** Writes one argument so that a shell reads exactly it. Control characters become $'...' (POSIX 2024, bash, zsh). */
export function shellQuote(argument: string): string {
  if (/^[\w@%+:,./-][\w@%+=:,./-]*$/.test(argument)) return argument;
  if (!/\p{Cc}/u.test(argument)) return `'${argument.replaceAll("'", String.raw`'\''`)}'`;
  const escaped = argument.replaceAll(/['\\]/g, String.raw`\$&`).replaceAll(/\p{Cc}/gu, octal);
  return `$'${escaped}'`;
}

function octal(character: string): string {
  return Array.from(
    new TextEncoder().encode(character),
    (byte) => `\\${byte.toString(8).padStart(3, '0')}`,
  ).join('');
}

/** A command that can be pasted into a shell, one argument a line. */
export function shellCommand(command: readonly string[]): string {
  return command.map((argument) => shellQuote(argument)).join(' \\\n  ');
}
