// SPDX-License-Identifier: Apache-2.0

export interface Queue {
  /** One piece of work of a name after the other. @throws the reason of the signal, for whoever gave up waiting */
  alone<Result>(name: string, signal: AbortSignal, work: () => Promise<Result>): Promise<Result>;
  /** So many at once, of whatever name */
  some<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result>;
}

/** @param atOnce how many may work at once; the others wait for their turn, in order */
export function createQueue(atOnce: number): Queue {
  const last = new Map<string, Promise<unknown>>();
  const waiting: (() => void)[] = [];
  let working = 0;

  const turn = async (signal: AbortSignal): Promise<void> => {
    if (working < atOnce) {
      working += 1;
      return;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.push(resolve);
    try {
      await orAborted(promise, signal);
    } catch (error) {
      const at = waiting.indexOf(resolve);
      // Its turn came in the same moment: the next one has it.
      if (at === -1) end();
      else waiting.splice(at, 1);
      throw error;
    }
  };
  const end = (): void => {
    const next = waiting.shift();
    if (next === undefined) working -= 1;
    else next();
  };

  return {
    async alone(name, signal, work) {
      const before = last.get(name) ?? Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      const mine = before.then(() => promise);
      last.set(name, mine);
      try {
        await orAborted(before, signal);
        return await work();
      } finally {
        resolve();
        if (last.get(name) === mine) last.delete(name);
      }
    },
    async some(signal, work) {
      await turn(signal);
      try {
        return await work();
      } finally {
        end();
      }
    },
  };
}

async function orAborted(waited: Promise<unknown>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const give = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', give, { once: true });
  try {
    await Promise.race([waited, promise]);
  } finally {
    signal.removeEventListener('abort', give);
  }
}
