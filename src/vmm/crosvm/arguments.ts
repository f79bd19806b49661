// SPDX-License-Identifier: Apache-2.0
//
// How crosvm wants its arguments written. Most options take "key=value,key=value" in a syntax of its own
// (serde_keyvalue): a value may stand as it is unless it holds a comma, a bracket or a quote; otherwise it is quoted.
// The name of the first key may be left out there; we never do, since a path with "=" in it would be taken for a key.

type Value = string | number | boolean | undefined;

/** "path=/a,ro=true". Keys without a value are left out. Every text can be written. */
export function keyValues(values: Readonly<Record<string, Value>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? quoted(value) : String(value)}`)
    .join(',');
}

function quoted(text: string): string {
  if (/^[^,"'[\]]+$/.test(text)) return text;
  // Nothing is special within single quotes, so nothing can stand for one there.
  if (!text.includes("'")) return `'${text}'`;
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}

/**
 * The value of --shared-dir, which has yet another syntax: fields with a colon between them, and no way to write
 * one into a field. null: this folder cannot be named.
 */
export function sharedDirectory(path: string, tag: string): string | null {
  if (!path.startsWith('/') || path.includes(':') || tag.includes(':')) return null;
  return [path, tag, 'type=fs'].join(':');
}

/**
 * The value of --params. crosvm takes each of its arguments that begins with "-" apart at its first "=", also where it
 * is the value of an option; the kernel does not mind a space at the beginning.
 */
export function kernelParameters(commandLine: string): string[] {
  if (commandLine.trim() === '') return [];
  return ['--params', commandLine.startsWith('-') ? ` ${commandLine}` : commandLine];
}

// Room for the command line with its final NUL on x86 and on ARM (bytes), and what crosvm puts in front of ours.
const longestCommandLine = 2048 - 1;
const ownParameters = 'panic=-1 console=ttyS0 ';

/** Why crosvm would not take this command line; null: it does. */
export function commandLineProblem(commandLine: string): string | null {
  if (!/^[ -~]*$/.test(commandLine)) return 'it has characters other than those of ASCII';
  const most = longestCommandLine - ownParameters.length - 1;
  return commandLine.length > most ? `it is longer than ${most} characters` : null;
}
