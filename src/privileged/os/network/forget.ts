// SPDX-License-Identifier: Apache-2.0
import { PhyllomeError } from '../../../contract/errors.ts';
import { ConnectionId } from '../../../contract/network.ts';
import { Type } from '../../../contract/schema.ts';
import { readNetwork } from '../../../host/network-manager/status.ts';
import type { Verb } from '../verb.ts';
import { openManager } from './manager.ts';

/** Forgets a Wi-Fi network or a wired connection that was set up here. Bridges are removed by their own verb. */
export const forget: Verb<{ id: string }> = {
  request: Type.Object({ id: ConnectionId }, { additionalProperties: false }),
  exclusive: true,
  async run({ id }, { root, signal }) {
    const manager = openManager(root, signal);
    const { connections } = await readNetwork(manager.ask);
    const found = connections.find((one) => one.id === id);
    if (found === undefined || !['wifi', 'wired'].includes(found.kind))
      throw new PhyllomeError('network-not-remembered', { name: id });
    if (found.controller !== null)
      throw new PhyllomeError('bridge-refused', {
        name: found.controller,
        reason: `${found.device ?? id} is its port`,
      });
    await manager.forget(id);
    return null;
  },
};
