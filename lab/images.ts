// SPDX-License-Identifier: Apache-2.0
//
// Which images there are to try, by their names: phyllome-EDITION-DISTRIBUTION-ARCHITECTURE_VERSION.raw.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface Image {
  file: string;
  edition: string;
  distribution: string;
  architecture: string;
  version: string;
}

const name = /^phyllome-(\w+)-(\w+)-([\w-]+)_([0-9][0-9A-Za-z~^]*(?:\.[0-9][0-9A-Za-z~^]*)*)\.raw$/;

export function parseImageName(file: string): Omit<Image, 'file'> | null {
  const [, edition, distribution, architecture, version] = name.exec(file) ?? [];
  if (edition === undefined || distribution === undefined) return null;
  return { edition, distribution, architecture: architecture as string, version: version as string };
}

/** All in a folder, the oldest version first. */
export function findImages(folder: string): Image[] {
  return readdirSync(folder)
    .flatMap((file) => {
      const parsed = parseImageName(file);
      return parsed === null ? [] : [{ file: join(folder, file), ...parsed }];
    })
    .toSorted((one, other) => one.version.localeCompare(other.version, 'en', { numeric: true }));
}

/** @throws with what would have to be built */
export function imageOf(images: readonly Image[], edition: string, version?: string): Image {
  const found = images.find(
    (image) => image.edition === edition && (version === undefined || image.version === version),
  );
  if (found !== undefined) return found;
  throw new Error(
    `there is no ${edition} image${version === undefined ? '' : ` of version ${version}`}: phyllome os build --edition ${edition}${version === undefined ? '' : ` --version ${version}`} makes it`,
  );
}
