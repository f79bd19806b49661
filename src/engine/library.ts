// SPDX-License-Identifier: Apache-2.0
//
// What the engine can do with images and folders, put together.
import { homedir } from 'node:os';
import { join } from 'node:path';
import { userName } from '../host/identity.ts';
import { createDownloader } from './download.ts';
import type { Engine } from './engine.ts';
import type { FetchMedium } from './fetch/fetch-medium.ts';
import { listFolder } from './folder.ts';
import type { Identifier } from './identify/identifier.ts';
import { openLibrary, type LibraryParts } from './images.ts';
import { lazily } from './lazily.ts';
import { findPlaces } from './places.ts';
import type { Tasks } from './tasks.ts';
import { createUploader } from './upload.ts';

export interface ImageFunctionsParts extends LibraryParts {
  tasks: Tasks;
  identifier: Identifier;
  env: Readonly<Record<string, string | undefined>>;
}

type ImageFunctions = Pick<
  Engine,
  'listFiles' | 'listImages' | 'identifyImage' | 'downloadImage' | 'uploadImage' | 'deleteImage'
>;

export async function openImageFunctions({
  tasks,
  identifier,
  env,
  ...parts
}: ImageFunctionsParts): Promise<{ functions: ImageFunctions; fetchMedium: FetchMedium }> {
  const systemOf = async (file: string) => (await identifier.known(file))?.name;
  const library = await openLibrary({ ...parts, systemOf });
  const home = homedir();
  const config = env['XDG_CONFIG_HOME'];
  const placeParts = {
    home,
    user: userName() ?? env['USER'] ?? null,
    config: config?.startsWith('/') === true ? config : join(home, '.config'),
    library: parts.paths.images,
  };
  const { images, partial, cache } = parts.paths;
  const fetcher = lazily(async () => {
    const { createMediumFetcher } = await import('./fetch/fetch-medium.ts');
    return createMediumFetcher({ library, images, partial, cacheDirectory: cache, proxyEnv: env });
  });
  const functions: ImageFunctions = {
    listFiles: async ({ path }) => listFolder(await findPlaces(placeParts), path, { systemOf }),
    listImages: library.list,
    identifyImage: identifier.identify,
    downloadImage: createDownloader({ library, tasks, proxyEnv: env }),
    uploadImage: createUploader(library, tasks),
    deleteImage: library.remove,
  };
  return { functions, fetchMedium: async (...given) => (await fetcher())(...given) };
}
