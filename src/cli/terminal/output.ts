// SPDX-License-Identifier: Apache-2.0
import { styleText } from 'node:util';

/**
 * Makes any text safe to print: control characters and those that turn the direction of writing are shown
 * as escapes (\x1b, \u{202e}), so that no name, log line or error of a guest can command the terminal.
 * Line breaks are escaped too; who wants lines splits them before.
 */
export function plain(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, (character) => {
      if (character === '\n') return '\\n';
      if (character === '\t') return '\\t';
      const code = character.codePointAt(0) ?? 0;
      return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
    });
}

/** A line of a log: like `plain`, but tabs stay and the carriage returns of a serial line go. */
export function plainLine(line: string): string {
  return line.replace(/\r+$/, '').split('\t').map(plain).join('\t');
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

export interface Output {
  /** Standard output and input are a terminal: somebody reads along and can type */
  readonly interactive: boolean;
  /** Standard output is a terminal */
  readonly terminal: boolean;
  /** Where notes and progress can be shown: standard error, when it is a terminal */
  readonly progressWidth: number | null;
  /** The answer of the command: one line on standard output */
  say(line: string): void;
  /** An aside for whoever watches: on standard error, and only when it is a terminal */
  note(line: string): void;
  /** Something that should be seen in any case: on standard error */
  warn(line: string): void;
  /** The answer as JSON, on one line when it is one of many */
  json(value: unknown, many?: boolean): void;
  /** Text in a style, when standard output shows styles */
  style(style: Style, text: string): string;
  /** Bytes as they are */
  raw(stream: 'stdout' | 'stderr', bytes: string | Uint8Array): void;
}

interface Streams {
  readonly stdin: { isTTY?: boolean };
  readonly stdout: NodeJS.WritableStream & { isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream & { isTTY?: boolean; columns?: number };
}

/** @param streams `process` or a stand-in; standard input is only touched when it matters, it costs time to open */
export function createOutput(streams: Streams, env: Readonly<Record<string, string | undefined>>): Output {
  const { stdout } = streams;
  const terminal = stdout.isTTY === true;
  const colour = terminal && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
  return {
    terminal,
    get interactive() {
      return terminal && streams.stdin.isTTY === true;
    },
    get progressWidth() {
      if (streams.stderr.isTTY !== true) return null;
      // Some terminals (serial lines, terminals of tests) do not know their width and say 0.
      const { columns = 0 } = streams.stderr;
      return columns > 0 ? columns : 80;
    },
    say: (line) => void stdout.write(`${line}\n`),
    note: (line) => void (streams.stderr.isTTY === true && streams.stderr.write(`${line}\n`)),
    warn: (line) => void streams.stderr.write(`${line}\n`),
    json: (value, many = false) => void stdout.write(`${JSON.stringify(value, null, many ? 0 : 2)}\n`),
    style: (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text),
    raw: (stream, bytes) => void streams[stream].write(bytes),
  };
}
