// SPDX-License-Identifier: Apache-2.0
import { createWriteStream } from 'node:fs';
import { posix } from 'node:path';
import { finished } from 'node:stream/promises';
import { Writable } from 'node:stream';
import { explainNoSpace } from '../../host/files.ts';
import { runFstest, unreadable } from './fstest.ts';
import {
  isGuestDevice,
  parseFileSystems,
  parseFolder,
  type GuestFile,
  type GuestFileSystem,
} from './fstest-listing.ts';

/** The files on a guest's disk, which does not change meanwhile. A place is a device and an absolute path; symbolic links are followed inside of it. */
export interface GuestDisk {
  fileSystems(): Promise<GuestFileSystem[]>;
  /** Empty when there is no such folder */
  list(device: string, folder: string): Promise<GuestFile[]>;
  /** The text of a small file; null when there is none */
  read(device: string, path: string): Promise<string | null>;
  /** Copies a file to a new file of this PC. @returns false when there is no such file */
  copy(device: string, path: string, target: string, limit: number): Promise<boolean>;
}

// Menus of boot loaders and folders have some kB (bytes).
const mostText = 2 ** 20;
const longestPath = 4096;
// oxlint-disable-next-line no-control-regex -- these are what must not be in a path
const controls = /[\u0000-\u001f\u007f]/;

/**
 * @param image absolute path of a raw image that no running VMM writes
 * Every function throws PhyllomeError `tool-missing`, `guest-disk-unreadable`, and the reason of the signal.
 */
export function openGuestDisk(image: string, signal?: AbortSignal): GuestDisk {
  const text = async (words: readonly string[]): Promise<string | null> => {
    const parts: Buffer[] = [];
    const output = new Writable({
      write(bytes: Buffer, _encoding, done) {
        parts.push(bytes);
        done();
      },
    });
    const result = await runFstest({ image, words, output, limit: mostText, signal });
    if (result.ok) return Buffer.concat(parts).toString('utf8');
    if (isAbsent(result.complaint)) return null;
    throw unreadable(image, result.complaint);
  };
  // Each look starts a program, and many files lie in few folders.
  const folders = new Map<string, Promise<GuestFile[]>>();
  const listPlace = async (place: string): Promise<GuestFile[]> =>
    parseFolder((await text(['ls', '-l', `${place}/`])) ?? '');
  return {
    async fileSystems() {
      return parseFileSystems((await text(['ls', '-l'])) ?? '');
    },
    async list(device, folder) {
      const place = placeOf(device, folder);
      if (place === null) return [];
      const listing = folders.get(place) ?? listPlace(place);
      folders.set(place, listing);
      return listing;
    },
    async read(device, path) {
      const place = placeOf(device, path);
      return place === null ? null : text(['cat', place]);
    },
    async copy(device, path, target, limit) {
      const place = placeOf(device, path);
      if (place === null) return false;
      const output = createWriteStream(target, { flags: 'wx', mode: 0o600, flush: true });
      try {
        const result = await runFstest({ image, words: ['cat', place], output, limit, signal });
        output.end();
        await finished(output);
        if (result.ok) return true;
        if (isAbsent(result.complaint)) return false;
        throw unreadable(image, result.complaint);
      } catch (error) {
        output.destroy();
        throw explainNoSpace(error, "the guest's kernel", posix.dirname(target));
      }
    },
  };
}

/** "(device)/path" without "..", or null for what can be no place on the guest's disk. */
function placeOf(device: string, path: string): string | null {
  if (!isGuestDevice(device) || !path.startsWith('/')) return null;
  if (path.length > longestPath || controls.test(path)) return null;
  const normal = posix.normalize(path).replace(/\/+$/, '');
  return `(${device})${normal}`;
}

// The words of GRUB for: no such file, a file where a folder should be and the other way round, a link into nowhere.
function isAbsent(complaint: string): boolean {
  return /not found\.|not a regular file|not a directory|too deep nesting of symlinks|no such partition|unknown filesystem/.test(
    complaint,
  );
}
