// SPDX-License-Identifier: Apache-2.0
//
// settings.json: what the owner of this PC decided. People may edit it by hand at any time.
import { readFileSync, statSync } from 'node:fs';
import { PhyllomeError, reasonOf } from '../contract/errors.ts';
import { Settings } from '../contract/settings.ts';
import { formatSize } from '../contract/size.ts';
import { completeValue, problemText } from '../contract/validate.ts';
import { errorCode, writeAtomic } from '../host/files.ts';

export interface SettingsFile {
  /**
   * The settings as the file has them now; the defaults when there is no file.
   * @throws PhyllomeError `settings-invalid`
   */
  read(): Settings;
  /** Replaces the file. @throws PhyllomeError `settings-invalid` when what stands there cannot be kept, `no-space` */
  change(change: (settings: Settings) => Settings): Promise<Settings>;
}

// Nobody has so many settings; a larger file is some other file.
const largest = 65_536;

export function openSettings(file: string): SettingsFile {
  let known: { stamp: string; settings: Settings } | null = null;
  // Two changes at once must not lose one of them.
  let last: Promise<unknown> = Promise.resolve();

  const read = (): Settings => {
    const stamp = stampOf(file);
    if (known?.stamp !== stamp) known = { stamp, settings: stamp === '' ? parse(file, '{}') : load(file) };
    return known.settings;
  };
  return {
    read,
    change(change) {
      const next = last.then(async () => {
        const settings = change(read());
        await writeAtomic(file, `${JSON.stringify(asText(settings), null, 2)}\n`);
        return settings;
      });
      last = next.catch(() => {});
      return next;
    },
  };
}

function load(file: string): Settings {
  try {
    return parse(file, readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof PhyllomeError) throw error;
    throw invalid(file, reasonOf(error), error);
  }
}

function parse(file: string, text: string): Settings {
  if (text.length > largest) throw invalid(file, `it has more than ${largest} characters`);
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw invalid(file, `it is no JSON (${reasonOf(error)})`, error);
  }
  const { value, problems } = completeValue(Settings, content);
  if (problems.length === 0) return value as Settings;
  throw invalid(file, problems.map(problemText).join('; ').replace('the definition', 'the whole'));
}

const invalid = (file: string, reason: string, cause?: unknown): PhyllomeError =>
  new PhyllomeError('settings-invalid', { file, reason }, { cause });

// Sizes as people write them.
function asText({ reserve, ...others }: Settings): object {
  const { memory } = reserve;
  return { ...others, reserve: { ...reserve, ...(memory !== undefined && { memory: formatSize(memory) }) } };
}

/** Changes whenever the file does; '' when there is none. @throws PhyllomeError `settings-invalid` */
function stampOf(file: string): string {
  try {
    const found = statSync(file, { bigint: true, throwIfNoEntry: false });
    return found === undefined ? '' : [found.ino, found.size, found.mtimeNs, found.ctimeNs].join(' ');
  } catch (error) {
    throw invalid(file, errorCode(error) === 'EACCES' ? 'you may not read it' : reasonOf(error), error);
  }
}
