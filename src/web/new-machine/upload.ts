// SPDX-License-Identifier: Apache-2.0
import type { Image } from '../../contract/image.ts';
import { streamPaths } from '../../contract/operations.ts';
import { apiPath, failureOf, unreachable } from '../service/api.ts';

export interface Upload {
  /** @throws ServiceError, or an AbortError after `abort` */
  done: Promise<Image>;
  abort(): void;
}

/** Sends a file into the library. (Only XMLHttpRequest tells how much of it has gone.) */
export function upload(file: File, name: string, onSent: (bytes: number) => void): Upload {
  const { promise, resolve, reject } = Promise.withResolvers<Image>();
  const request = new XMLHttpRequest();
  request.open('PUT', apiPath(streamPaths.upload, { name }));
  request.setRequestHeader('content-type', 'application/octet-stream');
  request.upload.addEventListener('progress', ({ loaded }) => onSent(loaded));
  request.addEventListener('load', () => {
    const { status, responseText } = request;
    if (status >= 200 && status < 300) resolve(JSON.parse(responseText) as Image);
    else void failureOf(new Response(responseText, { status })).then(reject);
  });
  request.addEventListener('error', () => reject(unreachable()));
  request.addEventListener('abort', () => reject(new DOMException('aborted by its user', 'AbortError')));
  request.send(file);
  return { done: promise, abort: () => request.abort() };
}

/** A name like that of the file that no image of the library has: a.iso, a-2.iso, ... */
export function freeImageName(name: string, images: readonly Pick<Image, 'name'>[]): string {
  const taken = new Set(images.map((image) => image.name));
  const [, stem = name, ending = ''] = /^(.+?)((?:\.[A-Za-z0-9]{1,5})?)$/s.exec(name) ?? [];
  let free = name;
  for (let number = 2; taken.has(free); number += 1) free = `${stem}-${number}${ending}`;
  return free;
}

/** How fast something goes, from looks at how much of it has gone (over the last seconds). */
export function createSpeedometer(now: () => number): (bytes: number) => number | null {
  const looks: { at: number; bytes: number }[] = [];
  return (bytes) => {
    looks.push({ at: now(), bytes });
    while (looks.length > 2 && now() - (looks[0]?.at ?? 0) > windowLength) looks.shift();
    const first = looks[0];
    const seconds = first === undefined ? 0 : (now() - first.at) / 1000;
    return first === undefined || seconds < 0.5 ? null : (bytes - first.bytes) / seconds;
  };
}

// Long enough to be calm, short enough to notice a change (ms).
const windowLength = 5000;
