// SPDX-License-Identifier: Apache-2.0
//
// Fetches a medium in a process of its own, which a test kills: download-child.ts DATA-FOLDER ADDRESS SHA256
import { openBin } from '../../src/engine/bin.ts';
import { createEventStream } from '../../src/engine/event-stream.ts';
import { createMediumFetcher } from '../../src/engine/fetch/fetch-medium.ts';
import { openLibrary } from '../../src/engine/images.ts';
import { openStore } from '../../src/engine/store.ts';
import { resolvePaths } from '../../src/contract/paths.ts';
import { PhyllomeError } from '../../src/contract/errors.ts';
import { mkdir } from 'node:fs/promises';

const [folder = '', address = '', sha256 = ''] = process.argv.slice(2);
const paths = resolvePaths({ HOME: folder, XDG_RUNTIME_DIR: folder }, 0);
await mkdir(paths.data, { recursive: true });
const store = await openStore(paths);
const library = await openLibrary({ paths, store, bin: openBin(paths, store), events: createEventStream() });
const fetchMedium = createMediumFetcher({
  library,
  images: paths.images,
  partial: paths.partial,
  cacheDirectory: paths.cache,
  proxyEnv: {},
  patience: { pauses: [1], silence: 5000 },
});
const download = { folder: address, mirrors: [], file: String.raw`a\.iso`, packed: 'no', sha256 };
const medium = { id: 'iso', name: 'Installer', kind: 'installer', architecture: 'x86_64', download };
const found = { system: { id: 'test', name: 'Test' }, keys: [] } as never;
try {
  const context = { signal: new AbortController().signal, progress: () => {} };
  console.log(JSON.stringify(await fetchMedium(found, medium as never, context)));
} catch (error) {
  console.log(JSON.stringify({ code: PhyllomeError.from(error).code }));
}
