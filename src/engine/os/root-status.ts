// SPDX-License-Identifier: Apache-2.0
import type { OsRootStatus } from '../../contract/os.ts';
import type { Root } from './root.ts';

export interface RootStatus {
  /** @throws PhyllomeError as `Root.ask` does; that is not remembered */
  ask(): Promise<OsRootStatus>;
  /** What was asked for since may have changed it */
  forget(): void;
}

/**
 * What root knows of the system, asked for once: each question starts a process of root's, and screens ask at every event. It
 * changes by what somebody asks for, and when the version that runs is found healthy; until that it is not remembered.
 */
export function rememberStatus(root: Pick<Root, 'ask'>): RootStatus {
  let known: Promise<OsRootStatus> | null = null;
  const forget = (): void => {
    known = null;
  };
  return {
    forget,
    ask() {
      const asked = (known ??= root.ask<OsRootStatus>('status', {}));
      const forgetThis = (): void => {
        if (known === asked) forget();
      };
      asked.then((status) => isOnTrial(status) && forgetThis(), forgetThis);
      return asked;
    },
  };
}

const isOnTrial = ({ slots }: OsRootStatus): boolean =>
  slots.some(({ state, triesLeft }) => state === 'running' && triesLeft !== null);
