// SPDX-License-Identifier: Apache-2.0
//
// What the text screen shows, asked of the service. What it cannot tell now is null, and the rest is shown all the same.
import type { AccessStatus } from '../../contract/access.ts';
import type { MachineSummary } from '../../contract/api.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import type { NetworkStatus } from '../../contract/network.ts';
import type { OsStatus } from '../../contract/os.ts';
import type { Task } from '../../contract/task.ts';
import type { Client } from '../service/client.ts';

export interface ScreenFacts {
  /** Why nothing else is known: the service does not answer */
  away: string | null;
  os: OsStatus | null;
  access: AccessStatus | null;
  network: NetworkStatus | null;
  machines: readonly MachineSummary[];
  /** What the service works on now */
  tasks: readonly Task[];
}

/** @param known what else is known of this PC, where only machines and tasks are to be asked for: the rest starts programs */
export async function readFacts(
  client: Pick<Client, 'call'>,
  known: ScreenFacts | null = null,
): Promise<ScreenFacts> {
  const nothing = { os: null, access: null, network: null, machines: [], tasks: [] };
  try {
    const [machines, tasks, { os, access, network }] = await Promise.all([
      client.call('listMachines'),
      client.call('listTasks'),
      known ?? readPc(client),
    ]);
    const running = tasks.filter(({ state }) => state === 'running');
    return { away: null, os, access, network, machines, tasks: running };
  } catch (error) {
    return { away: PhyllomeError.from(error).message, ...nothing };
  }
}

async function readPc(client: Pick<Client, 'call'>): Promise<Pick<ScreenFacts, 'os' | 'access' | 'network'>> {
  const [os, access, network] = await Promise.all([
    orNull(client.call('osStatus')),
    orNull(client.call('accessStatus')),
    orNull(client.call('network')),
  ]);
  return { os, access, network };
}

/** A PC where the operating system is another one has no such part. A service that is away is away as a whole. */
async function orNull<Answer>(answer: Promise<Answer>): Promise<Answer | null> {
  try {
    return await answer;
  } catch (error) {
    if (PhyllomeError.from(error).code === 'service-unreachable') throw error;
    return null;
  }
}
