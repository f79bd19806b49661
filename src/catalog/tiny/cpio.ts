// SPDX-License-Identifier: Apache-2.0
//
// Writes the "newc" cpio format that the Linux kernel unpacks as its initial file system.
// Our own writer, because the cpio program would need root to archive device nodes.
// Format: Documentation/driver-api/early-userspace/buffer-format.rst in the Linux sources.

/** One file of the archive. `path` is relative ("bin/sh"); parents come before their children. */
export type Entry = { path: string; mode: number } & (
  | { type: 'file'; content: Uint8Array }
  | { type: 'directory' }
  | { type: 'link'; target: string }
  | { type: 'character-device'; major: number; minor: number }
);

// The file type bits of st_mode.
const typeBits = { file: 0o100000, directory: 0o040000, link: 0o120000, 'character-device': 0o020000 };

/** The archive that holds `entries`, all owned by root and dated 1970, so equal input gives equal output. */
export function writeCpio(entries: readonly Entry[]): Buffer {
  const parts: Uint8Array[] = [];
  for (const [index, entry] of entries.entries()) {
    parts.push(
      ...record(entry.path, index + 1, typeBits[entry.type] | entry.mode, contentOf(entry), device(entry)),
    );
  }
  parts.push(...record('TRAILER!!!', 0, 0, new Uint8Array(), [0, 0]));
  return Buffer.concat(parts);
}

function contentOf(entry: Entry): Uint8Array {
  if (entry.type === 'file') return entry.content;
  return entry.type === 'link' ? Buffer.from(entry.target) : new Uint8Array();
}

function device(entry: Entry): [number, number] {
  return entry.type === 'character-device' ? [entry.major, entry.minor] : [0, 0];
}

function record(
  path: string,
  inode: number,
  mode: number,
  content: Uint8Array,
  [major, minor]: [number, number],
): Uint8Array[] {
  const name = Buffer.from(`${path}\0`);
  const links = 1;
  const fields = [inode, mode, 0, 0, links, 0, content.length, 0, 0, major, minor, name.length, 0];
  const header = `070701${fields.map((field) => field.toString(16).padStart(8, '0').toUpperCase()).join('')}`;
  // Header and name together, and the content, end on a multiple of four bytes.
  return [Buffer.from(header), name, padding(header.length + name.length), content, padding(content.length)];
}

function padding(length: number): Uint8Array {
  return new Uint8Array((4 - (length % 4)) % 4);
}
