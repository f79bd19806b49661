// SPDX-License-Identifier: Apache-2.0
//
// The page on the network, switched on and off while the service runs.
import type { Duplex } from 'node:stream';
import { PhyllomeError, type ErrorReport } from '../../contract/errors.ts';
import type { Root } from '../../engine/os/root.ts';
import type { AccessSettings } from '../../host/access/access-file.ts';
import type { NetworkDoor } from './network-door.ts';

type Settings = AccessSettings['network'];

export interface Network {
  /** The listener, when there is one */
  door(): NetworkDoor | null;
  /** Why there is none although there should be, since the service started */
  problem(): ErrorReport | null;
  /**
   * Listens as `settings` say, or not at all. What was before stays when it does not work.
   * @param except the connection of the request that asks: its answer still has to go out
   * @throws PhyllomeError `access-port-taken`, `certificate-unusable`, `vmm-missing` (openssl), what root says
   */
  apply(settings: Settings, except?: Duplex): Promise<void>;
  /** As `apply` at the start of the service: a failure is a problem that people are shown. */
  begin(settings: Settings): Promise<void>;
  close(): Promise<void>;
}

export interface NetworkParts {
  open(network: Settings): Promise<NetworkDoor>;
  root(): Promise<Root>;
  warn(text: string): void;
}

export function createNetwork({ open, root, warn }: NetworkParts): Network {
  let door: NetworkDoor | null = null;
  let served: Settings | null = null;
  let problem: ErrorReport | null = null;
  let last: Promise<unknown> = Promise.resolve();

  const openFirewall = async (isOpen: boolean): Promise<void> => {
    try {
      await (await root()).ask('firewall', { open: isOpen ? ['page'] : [] });
    } catch (error) {
      // Elsewhere the owner of the PC sees to the firewall.
      if (PhyllomeError.from(error).code !== 'os-only') throw error;
    }
  };
  const apply = async (settings: Settings, except?: Duplex): Promise<void> => {
    if (!settings.on) {
      await door?.close(except);
      door = null;
    } else if (door === null || JSON.stringify(settings) !== JSON.stringify(served)) {
      const before = door;
      // On the same port the old one has to go first; it comes back when the new one cannot listen.
      const samePort = before !== null && served?.port === settings.port;
      if (samePort) await before.close(except);
      try {
        door = await open(settings);
      } catch (error) {
        door = samePort && served !== null ? await open(served) : before;
        throw error;
      }
      if (!samePort) await before?.close(except);
    }
    served = settings;
    problem = null;
    await openFirewall(settings.on);
  };
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const turn = last.then(work);
    last = turn.catch(() => {});
    return turn;
  };
  return {
    door: () => door,
    problem: () => problem,
    apply: (settings, except) => inTurn(() => apply(settings, except)),
    begin: (settings) =>
      inTurn(async () => {
        if (!settings.on) return;
        try {
          await apply(settings);
        } catch (error) {
          problem = PhyllomeError.from(error).report();
          warn(`the page is not on the network: ${problem.message}`);
        }
      }),
    close: () =>
      inTurn(async () => {
        await door?.close();
        door = null;
      }),
  };
}
