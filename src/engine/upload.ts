// SPDX-License-Identifier: Apache-2.0
import { PhyllomeError } from '../contract/errors.ts';
import type { Image } from '../contract/image.ts';
import { checkImageName } from './image-name.ts';
import type { Library } from './images.ts';
import type { TaskContext, Tasks } from './tasks.ts';
import { untilAborted } from './until-aborted.ts';

/**
 * Returns the function that takes the bytes of an image as they come. It shows as a task, but whoever sends it waits
 * for the image. Bytes are only asked for when those before are written.
 *
 * @throws PhyllomeError as `Library.add`, `upload-incomplete`, and `task-aborted`
 */
export function createUploader(library: Library, tasks: Tasks) {
  return async (given: string, bytes: number, content: AsyncIterable<Uint8Array>): Promise<Image> => {
    await library.check(given, bytes);
    const name = checkImageName(given);
    const arrived = Promise.withResolvers<Image>();
    // Of an abort the task knows more than the work: it names it.
    const { id } = tasks.run(`Upload ${name}`, null, async (context) => {
      try {
        arrived.resolve(await receive(name, bytes, content, context));
        return { image: name };
      } catch (error) {
        arrived.reject(
          context.signal.aborted ? new PhyllomeError('task-aborted', { what: tasks.show(id).what }) : error,
        );
        throw error;
      }
    });
    return arrived.promise;
  };

  function receive(
    name: string,
    bytes: number,
    content: AsyncIterable<Uint8Array>,
    { signal, progress }: TaskContext,
  ): Promise<Image> {
    return library.add(name, bytes, async (file) => {
      const incomplete = (cause?: unknown) =>
        new PhyllomeError('upload-incomplete', { name, done: file.length, total: bytes }, { cause });
      const pieces = untilAborted(content, signal);
      progress('Receiving', null, { done: 0, total: bytes });
      for (;;) {
        const { value, done } = await pieces.next().catch((error: unknown) => {
          throw signal.aborted ? error : incomplete(error);
        });
        if (done === true) break;
        await file.write(value);
        progress('Receiving', null, { done: file.length, total: bytes });
        if (file.length > bytes) break;
      }
      if (file.length !== bytes) throw incomplete();
      signal.throwIfAborted();
    });
  }
}
