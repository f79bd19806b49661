// SPDX-License-Identifier: Apache-2.0
import { reasonOf } from '../../contract/errors.ts';
import type { Cables } from '../launch.ts';
import type { Root } from './root.ts';

/** @param warn hears of cables that stay plugged in */
export function createCables(root: Pick<Root, 'ask'>, warn: (text: string) => void): Cables {
  // One after the other: a machine that is started right after it stopped has a cable of the same name.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const turn = last.then(work);
    last = turn.catch(() => {});
    return turn;
  };
  return {
    plug: (cables) => inTurn(async () => void (await root.ask('plug', { cables }))),
    async unplug(cables) {
      try {
        await inTurn(() => root.ask('unplug', { cables }));
      } catch (error) {
        warn(`${cables.map(({ tap }) => tap).join(', ')} stay plugged in: ${reasonOf(error)}`);
      }
    },
  };
}
