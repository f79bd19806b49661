// SPDX-License-Identifier: Apache-2.0
import { createHash, type Hash } from 'node:crypto';
import type { Body } from '../contract/api.ts';
import { PhyllomeError } from '../contract/errors.ts';
import type { Task } from '../contract/task.ts';
import { readUrl } from './download-answer.ts';
import { openSource, usualPatience, type Patience, type ProxyEnv, type Source } from './download-source.ts';
import { checkImageName, nameOfDownload } from './image-name.ts';
import type { GrowingFile } from './growing-file.ts';
import type { Library } from './images.ts';
import type { TaskContext, Tasks } from './tasks.ts';

export interface DownloaderParts {
  library: Library;
  tasks: Tasks;
  proxyEnv: ProxyEnv;
  patience?: Patience;
}

/**
 * Returns the function that downloads images. What can be refused without asking the server is refused at once.
 * @throws PhyllomeError `url-refused`, `image-name-invalid`, `file-exists`; the task fails with these and
 *   `download-failed`, `image-unknown`, `checksum-mismatch`, `no-space`
 */
export function createDownloader({ library, tasks, proxyEnv, patience = usualPatience }: DownloaderParts) {
  return async (request: Body<'downloadImage'>): Promise<Task> => {
    const url = readUrl(request.url);
    const wanted = request.name === undefined ? undefined : checkImageName(request.name);
    if (wanted !== undefined) await library.check(wanted, null);
    const sha256 = request.sha256?.toLowerCase();

    return tasks.run(`Download ${wanted ?? nameOfDownload([url], undefined)}`, null, async (context) => {
      context.progress(`Asking ${url.host}`, null);
      const { signal } = context;
      const source = await openSource({ url, signal, checked: sha256 !== undefined, proxyEnv, patience });
      try {
        const name = wanted ?? source.name;
        await library.add(name, source.total, async (file) => {
          const found = await receive(source, file, context, url.host, sha256 !== undefined);
          if (sha256 !== undefined && found !== sha256)
            throw new PhyllomeError('checksum-mismatch', { name, expected: sha256, found });
          signal.throwIfAborted();
        });
        return { image: name };
      } finally {
        source.close();
      }
    });
  };
}

/** @returns the SHA-256 of what came, when that is wanted */
async function receive(
  source: Source,
  file: GrowingFile,
  { progress }: TaskContext,
  host: string,
  hashed: boolean,
): Promise<string | null> {
  const fresh = (): Hash | null => (hashed ? createHash('sha256') : null);
  let hash = fresh();
  for await (const { at, bytes } of source.content()) {
    if (at === 0 && file.length > 0) {
      await file.restart();
      hash = fresh();
    }
    hash?.update(bytes);
    await file.write(bytes);
    progress(`Downloading from ${host}`, null, { done: file.length, total: source.total });
  }
  return hash?.digest('hex') ?? null;
}
