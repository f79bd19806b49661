// SPDX-License-Identifier: Apache-2.0

/**
 * Goes through something that comes piece by piece, but not beyond an abort: a source that stopped sending cannot
 * hold us up. What was asked of the source last is then left to itself.
 */
export async function* untilAborted<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  const next = (): Promise<IteratorResult<T>> =>
    new Promise((resolve, reject) => {
      const stop = (): void => reject(signal.reason as Error);
      if (signal.aborted) return stop();
      signal.addEventListener('abort', stop, { once: true });
      void iterator
        .next()
        .then(resolve, reject)
        .finally(() => signal.removeEventListener('abort', stop));
    });
  try {
    for (;;) {
      const { value, done } = await next();
      if (done === true) return;
      yield value;
    }
  } finally {
    // Not waited for: a generator first finishes what it was asked, which may never come.
    iterator.return?.().catch(() => undefined);
  }
}
