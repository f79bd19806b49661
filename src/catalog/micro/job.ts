// SPDX-License-Identifier: Apache-2.0
//
// What a micro machine is to do, as files in front of its initial file system: the kernel unpacks both. So every byte
// of a command arrives as it is, and nothing of it stands on the kernel's command line.
import { writeCpio, type Entry } from '../tiny/cpio.ts';

export interface Job {
  /** Environment and command, see words.ts */
  words: readonly string[];
  /** As in the configuration of an image; empty: root */
  user: string;
  /** Where the command begins; empty: / */
  directory: string;
  /** The word by which its output is found on the serial port */
  mark: string;
  /** Of the terminal it talks to; null: it talks to pipes */
  terminal: { rows: number; columns: number } | null;
  network: boolean;
}

/** The beginning of an initrd. Its length is a multiple of 512, which is where another archive may begin. */
export function jobArchive({ words, user, directory, mark, terminal, network }: Job): Buffer {
  const archive = writeCpio([
    { type: 'directory', path: 'job', mode: 0o700 },
    file('words', words.map((word) => `${word}\0`).join('')),
    file('user', user),
    file('directory', directory),
    file('mark', `${mark}\n`),
    ...(terminal === null ? [] : [file('terminal', `rows ${terminal.rows} cols ${terminal.columns}\n`)]),
    ...(network ? [file('network', '')] : []),
  ]);
  return Buffer.concat([archive, Buffer.alloc((512 - (archive.length % 512)) % 512)]);
}

const file = (name: string, content: string): Entry => ({
  type: 'file',
  path: `job/${name}`,
  mode: 0o600,
  content: Buffer.from(content),
});
