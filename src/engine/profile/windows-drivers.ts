// SPDX-License-Identifier: Apache-2.0
import type { Image } from '../../contract/image.ts';
import type { Identifier } from '../identify/identifier.ts';

export interface WindowsDriverParts {
  identifier: Pick<Identifier, 'known'>;
  /** The library */
  images(): Promise<readonly Pick<Image, 'file' | 'format'>[]>;
}

/** The CD with drivers for Windows (virtio-win) in the library, recognised like any medium; null: there is none. */
export async function windowsDrivers({ identifier, images }: WindowsDriverParts): Promise<string | null> {
  for (const { file, format } of await images()) {
    if (format === 'iso' && (await identifier.known(file))?.guestOs === 'virtio-win') return file;
  }
  return null;
}
