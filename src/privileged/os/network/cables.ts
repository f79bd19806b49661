// SPDX-License-Identifier: Apache-2.0
//
// Cables between machines and bridges of this PC: tap devices, which only root makes. Their names are the manager's own
// (NetworkManager leaves them alone), and only the service may open them.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PhyllomeError } from '../../../contract/errors.ts';
import { PlannedCable } from '../../../contract/plan.ts';
import { Type } from '../../../contract/schema.ts';
import { osTool } from '../os-tool.ts';
import type { Verb, VerbContext } from '../verb.ts';

const ip = '/usr/sbin/ip';
const owner = 'phyllome';
const Cables = Type.Object(
  { cables: Type.Array(PlannedCable, { minItems: 1, maxItems: 8 }) },
  { additionalProperties: false },
);

/** All of them, or none. A cable of that name that an earlier start left behind is replaced. */
export const plug: Verb<{ cables: PlannedCable[] }> = {
  request: Cables,
  exclusive: false,
  async run({ cables }, context) {
    for (const { bridge } of cables)
      if (!existsSync(device(context, `${bridge}/bridge`)))
        throw new PhyllomeError('network-device-missing', { kind: 'bridge', name: bridge });
    try {
      for (const { tap, bridge } of cables) {
        await remove(tap, context);
        const run = (...words: string[]) => osTool(context.root, [ip, ...words], context);
        await run('tuntap', 'add', 'dev', tap, 'mode', 'tap', 'user', owner);
        await run('link', 'set', 'dev', tap, 'master', bridge, 'up');
      }
    } catch (error) {
      await removeAll(cables, context);
      throw error;
    }
    return null;
  },
};

export const unplug: Verb<{ cables: PlannedCable[] }> = {
  request: Cables,
  exclusive: false,
  async run({ cables }, context) {
    await removeAll(cables, context);
    return null;
  },
};

/**
 * What is plugged into a bridge, without cables that are left over. The kernel is asked: NetworkManager does not know the ports
 * that it leaves alone.
 */
export function pluggedInto(root: string, bridge: string): string[] {
  // A bridge that is down has no device.
  const ports = device({ root }, `${bridge}/brif`);
  return existsSync(ports) ? readdirSync(ports).filter((port) => !isLeftOver(root, port)) : [];
}

/** A cable whose machine ended while no service was there to hear of it: nobody is at its other end. */
function isLeftOver(root: string, port: string): boolean {
  if (!port.startsWith('phy-')) return false;
  try {
    return readFileSync(device({ root }, `${port}/carrier`), 'utf8').trim() === '0';
  } catch {
    // Gone by now, or switched off.
    return true;
  }
}

/** Also when whoever asked hung up: nobody else would. */
async function removeAll(cables: readonly PlannedCable[], { root }: VerbContext): Promise<void> {
  for (const { tap } of cables) await remove(tap, { root });
}

async function remove(tap: string, context: Pick<VerbContext, 'root'> & Partial<VerbContext>): Promise<void> {
  if (existsSync(device(context, tap)))
    await osTool(context.root, [ip, 'link', 'delete', 'dev', tap], context);
}

const device = ({ root }: Pick<VerbContext, 'root'>, path: string): string =>
  join(root, 'sys/class/net', path);
