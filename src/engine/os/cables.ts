// SPDX-License-Identifier: Apache-2.0
import { reasonOf } from '../../contract/errors.ts';
import type { Cables } from '../launch.ts';
import type { Root } from './root.ts';

/** @param warn hears of cables that stay plugged in */
export function createCables(root: Root, warn: (text: string) => void): Cables {
  return {
    async plug(cables) {
      await root.ask('plug', { cables });
    },
    async unplug(cables) {
      try {
        await root.ask('unplug', { cables });
      } catch (error) {
        warn(`${cables.map(({ tap }) => tap).join(', ')} stay plugged in: ${reasonOf(error)}`);
      }
    },
  };
}
