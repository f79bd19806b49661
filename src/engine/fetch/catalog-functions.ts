// SPDX-License-Identifier: Apache-2.0
//
// What clients can do with the catalogue beside making machines of it.
import type { Systems } from '../../catalog/systems.ts';
import { chooseMedium } from '../create-from-system.ts';
import type { Engine } from '../engine.ts';
import { handedOut, madeHere } from '../no-medium.ts';
import type { Tasks } from '../tasks.ts';
import type { CheckParts } from './check-catalog.ts';
import type { FetchMedium } from './fetch-medium.ts';

export interface CatalogFunctionsParts extends CheckParts {
  systems: Systems;
  tasks: Tasks;
  fetchMedium: FetchMedium;
}

export function createCatalogFunctions({
  systems,
  tasks,
  fetchMedium,
  ...checkParts
}: CatalogFunctionsParts): Pick<Engine, 'catalog' | 'fetchMedium' | 'checkCatalog'> {
  const findOurs = async (ref: string) => {
    const found = await systems.find(ref);
    if (found.kind === 'system') return found.found;
    throw found.kind === 'item' ? madeHere(found.entry) : handedOut(found.entry);
  };

  return {
    catalog: ({ search }) => systems.entries(search),
    async fetchMedium({ entry, media, architecture }) {
      const found = await findOurs(entry);
      const only = found.family.id === 'virtio-win' ? found.system.media[0] : undefined;
      const wishes = {
        name: entry,
        ...(media !== undefined && { media }),
        ...(architecture !== undefined && { definition: { architecture } }),
      };
      const medium = only ?? (await chooseMedium(found, wishes, {})).medium;
      return tasks.run(`Download ${found.system.id}/${medium.id}`, null, async (context) => {
        const fetched = await fetchMedium(found, medium, context);
        return fetched.kind === 'image' ? { image: fetched.image } : null;
      });
    },
    async checkCatalog({ refs }) {
      const wanted = refs === undefined ? await systems.ours() : await Promise.all(refs.map(findOurs));
      const { createCatalogCheck } = await import('./check-catalog.ts');
      const check = createCatalogCheck(checkParts);
      return tasks.run('Test the links of the catalogue', null, async (context) => {
        const results = await check(wanted, context);
        const dead = results.filter(({ problem }) => problem !== null).length;
        const text = `${results.length - dead} of ${results.length} media can be had now.`;
        return { outcome: { text, facts: { tested: results.length, dead, results } } };
      });
    },
  };
}
