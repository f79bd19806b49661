// SPDX-License-Identifier: Apache-2.0
import { imageInvalid } from './problem.ts';

/** What an image says about how it wants to be run; a plain root file system says nothing. */
export interface ImageConfig {
  entrypoint: string[];
  command: string[];
  /** "NAME=value" */
  env: string[];
  directory: string;
  /** "name", "1000", "name:group", ...; empty: root */
  user: string;
}

export const noConfig: ImageConfig = { entrypoint: [], command: [], env: [], directory: '', user: '' };

/**
 * Reads the configuration of an image (image-spec/config.md of OCI; that of Docker has the same keys).
 * @throws PhyllomeError `micro-image-invalid`
 */
export function readConfig(image: string, content: unknown): { config: ImageConfig; diffIds: string[] } {
  const given = record(content)['config'];
  const keys = record(given);
  const wrong = (key: string): Error =>
    imageInvalid(image, `"${key}" of its configuration is not what it should be`);
  const list = (key: string): string[] => {
    const value = keys[key] ?? [];
    if (!isWords(value)) throw wrong(key);
    return value;
  };
  const word = (key: string): string => {
    const value = keys[key] ?? '';
    if (!isWords([value])) throw wrong(key);
    return value as string;
  };
  const diffIds = record(record(content)['rootfs'])['diff_ids'] ?? [];
  if (!isWords(diffIds)) throw wrong('diff_ids');
  return {
    config: {
      entrypoint: list('Entrypoint'),
      command: list('Cmd'),
      // An entry without a name cannot be set.
      env: list('Env').filter((entry) => /^[^=]+=/.test(entry)),
      directory: word('WorkingDir'),
      user: word('User'),
    },
    diffIds,
  };
}

export function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

/** Words reach the guest separated by NUL bytes. */
function isWords(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((word) => typeof word === 'string' && !word.includes('\0'));
}
