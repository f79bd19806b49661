// SPDX-License-Identifier: Apache-2.0
//
// Which images there are to try, by their names: phyllome-EDITION-DISTRIBUTION-ARCHITECTURE_VERSION.raw.
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

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

/** Which of the images of an edition: the oldest is what a PC has, the second what it gets. */
export type Which = 'first' | 'second';

/** @throws with what would have to be built */
export function imageOf(images: readonly Image[], edition: string, which: Which = 'first'): Image {
  const found = images.filter((image) => image.edition === edition)[which === 'first' ? 0 : 1];
  if (found !== undefined) return found;
  const version = which === 'first' ? '1' : '2';
  throw new Error(
    `there is no ${which} ${edition} image: phyllome os build --edition ${edition} --no-hardware --version ${version} --publish makes one`,
  );
}

/** The folder with what an update to an image consists of, as "phyllome os build --publish" leaves it. */
export const updateFolder = (image: Image): string => join(dirname(image.file), 'update');
