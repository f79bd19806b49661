// SPDX-License-Identifier: Apache-2.0
import { resolve, join } from 'node:path';
import { parseArgs } from 'node:util';
import { versionPattern } from '../../src/host/systemd-version.ts';
import { editions, type Edition } from '../../src/contract/os.ts';
import { distributions, type Distribution } from './packages.ts';

export interface BuildOptions {
  edition: Edition;
  distribution: Distribution;
  /** Of the image; compared as systemd compares versions. null: the date of the sources */
  version: string | null;
  /** Firmware and microcode of real hardware */
  hardware: boolean;
  /** Folder that the image is written to */
  output: string;
  /** Folder with the keys that sign; made when it is not there */
  keys: string;
  /** What can be made again: tools, packages, half-made images */
  cache: string;
  /** Mirror of the distribution's packages; null: the one this PC uses */
  mirror: string | null;
  /** Also an ISO, and what an update consists of, signed */
  publish: boolean;
  iso: boolean;
  /** Only say what would be built */
  summary: boolean;
}

/** What was typed makes no sense; the message says what would. */
export class BuildUsageError extends Error {}

/** The options of "phyllome os build", whose --help explains them. @throws BuildUsageError */
export function readOptions(
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  root: string,
): BuildOptions {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...words],
      strict: true,
      options: {
        edition: { type: 'string', default: 'headless' },
        distribution: { type: 'string', default: 'debian' },
        version: { type: 'string' },
        'no-hardware': { type: 'boolean', default: false },
        output: { type: 'string', default: join(root, 'build/os') },
        keys: { type: 'string' },
        cache: { type: 'string' },
        mirror: { type: 'string' },
        publish: { type: 'boolean', default: false },
        iso: { type: 'boolean', default: false },
        summary: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    throw new BuildUsageError((error as Error).message);
  }
  const { version = null, mirror = null } = values;
  if (version !== null && !versionPattern.test(version))
    throw new BuildUsageError(
      `${version} is no version: up to 26 digits, letters and dots, e.g. 20261126 or 20261126.1`,
    );
  if (mirror !== null && !/^https?:\/\/[^\s"']+$/.test(mirror))
    throw new BuildUsageError(`${mirror} is no mirror: an address like https://mirror.example/debian`);
  const home = env['HOME'] ?? '/root';
  return {
    edition: oneOf(editions, values.edition, 'edition'),
    distribution: oneOf(distributions, values.distribution, 'distribution'),
    version,
    hardware: !values['no-hardware'],
    output: resolve(values.output),
    keys: resolve(values.keys ?? join(env['XDG_CONFIG_HOME'] ?? join(home, '.config'), 'phyllome/os-keys')),
    cache: resolve(values.cache ?? join(env['XDG_CACHE_HOME'] ?? join(home, '.cache'), 'phyllome-os')),
    mirror,
    publish: values.publish,
    iso: values.iso,
    summary: values.summary,
  };
}

function oneOf<const Values extends readonly string[]>(
  values: Values,
  given: string,
  what: string,
): Values[number] {
  if (values.includes(given)) return given;
  throw new BuildUsageError(`there is no ${what} ${given}: it is one of ${values.join(', ')}`);
}
