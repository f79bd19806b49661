// SPDX-License-Identifier: Apache-2.0
//
// A PC without a favourite, whose screen nobody shows, does without all of this until somebody asks.
import { PhyllomeError } from '../../contract/errors.ts';
import type { Engine } from '../engine.ts';
import { lazily } from '../lazily.ts';
import type { FavouriteParts } from './favourite.ts';

export interface FavouriteDoor {
  functions: Pick<Engine, 'favourite' | 'setFavourite' | 'showOnScreen' | 'watchScreen'>;
  /** Begins to follow the favourite, if there is one. @returns its id when it is to be started with this PC */
  open(): Promise<string | null>;
  close(): Promise<void>;
}

export function openFavourite(parts: Omit<FavouriteParts, 'displays'>): FavouriteDoor {
  let displays = 0;
  let loaded = false;
  const load = lazily(async () => {
    const { createFavourite } = await import('./favourite.ts');
    return createFavourite({ ...parts, displays: () => displays });
  });
  const work = async () => {
    loaded = true;
    return load();
  };
  const count = (change: 1 | -1): void => {
    displays += change;
    void work().then((it) => it.tell());
  };
  return {
    functions: {
      favourite: async () => (await work()).favourite(),
      setFavourite: async (change) => (await work()).setFavourite(change),
      showOnScreen: async (request) => (await work()).showOnScreen(request),
      watchScreen() {
        count(1);
        return () => count(-1);
      },
    },
    async open() {
      try {
        const { machine, autostart = true } = parts.settings.read().favourite ?? {};
        if (machine === undefined) return null;
        await work();
        return autostart && parts.store.list().some(({ id }) => id === machine) ? machine : null;
      } catch (error) {
        parts.warn(`There is no favourite: ${PhyllomeError.from(error).message}`);
        return null;
      }
    },
    async close() {
      if (loaded) (await load()).close();
    },
  };
}
