// SPDX-License-Identifier: Apache-2.0
import { chmod, lstat, readFile } from 'node:fs/promises';
import { PhyllomeError, reasonOf } from '../../contract/errors.ts';
import { accessText, noAccess, parseAccess, type AccessSettings } from '../../host/access/access-file.ts';
import { errorCode, writeAtomic } from '../../host/files.ts';

/** access.json, read each time it is asked: it is small, and whoever administers this PC may replace it. */
export interface AccessSettingsFile {
  /** @throws PhyllomeError `access-damaged` */
  read(): Promise<AccessSettings>;
  /** One change after the other. @throws PhyllomeError `access-damaged`, `no-space` */
  change(change: (settings: AccessSettings) => AccessSettings): Promise<AccessSettings>;
  /** As `change`, but a damaged file is replaced: what it said is lost. */
  repair(change: (settings: AccessSettings) => AccessSettings): Promise<AccessSettings>;
}

// Nobody has that many names; a larger file is some other file (bytes).
const largest = 65_536;

export function openAccessSettings(file: string): AccessSettingsFile {
  let last: Promise<unknown> = Promise.resolve();

  const read = async (): Promise<AccessSettings> => {
    try {
      const found = await lstat(file);
      if (!found.isFile() || found.uid !== process.getuid?.())
        throw new PhyllomeError('access-damaged', {
          file,
          reason: 'it is no file of the user of the service',
        });
      if (found.size > largest)
        throw new PhyllomeError('access-damaged', { file, reason: `it has more than ${largest} bytes` });
      // A copy, or a backup that came back, may have lost its mode.
      if ((found.mode & 0o077) !== 0) await chmod(file, 0o600);
      return parseAccess(await readFile(file, 'utf8'), file);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return noAccess;
      if (error instanceof PhyllomeError) throw error;
      throw new PhyllomeError('access-damaged', { file, reason: reasonOf(error) }, { cause: error });
    }
  };
  const inTurn = (
    readThen: () => Promise<AccessSettings>,
    change: (settings: AccessSettings) => AccessSettings,
  ): Promise<AccessSettings> => {
    const next = last.then(async () => {
      const settings = change(await readThen());
      await writeAtomic(file, accessText(settings));
      return settings;
    });
    last = next.catch(() => {});
    return next;
  };
  return {
    read,
    change: (change) => inTurn(read, change),
    repair: (change) => inTurn(() => read().catch(() => noAccess), change),
  };
}
