// SPDX-License-Identifier: Apache-2.0
//
// What the network may reach of a PC that runs Phyllome OS, besides what every PC must answer. The ruleset itself is in
// /usr; this is the list of opened ports that fills its sets.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { networkPort } from '../../contract/access.ts';
import { firewallNames, OpenPort, type FirewallName } from '../../contract/os-settings.ts';
import { Type } from '../../contract/schema.ts';
import { completeValue } from '../../contract/validate.ts';
import { errorCode } from '../files.ts';
import { osFiles } from './files.ts';

export interface Firewall {
  open: FirewallName[];
  ports: OpenPort[];
}

const File = Type.Object({
  open: Type.Array(Type.Unsafe<FirewallName>({ type: 'string', enum: firewallNames }), { default: [] }),
  ports: Type.Array(OpenPort, { default: [] }),
});

/** A list that cannot be read opens nothing. */
export async function readFirewall(root: string): Promise<Firewall> {
  const { value, problems } = completeValue(File, await parsed(join(root, osFiles.firewall)));
  return problems.length > 0 ? { open: [], ports: [] } : (value as Firewall);
}

async function parsed(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || error instanceof SyntaxError) return {};
    throw error;
  }
}

/**
 * What fills the sets of the ruleset anew, in one step of the kernel. Numbers only: nothing of what somebody typed gets here.
 */
export function firewallRules({ open, ports }: Firewall): string {
  const fixed: Record<FirewallName, number> = { page: networkPort, ssh: 22 };
  return [
    '# Written by Phyllome: ports that were opened. The rules are in /usr/lib/phyllome-os/firewall.nft.',
    ...fill('open_tcp', [...open.map((name) => fixed[name]), ...portsOf(ports, 'tcp')]),
    ...fill('open_udp', portsOf(ports, 'udp')),
    '',
  ].join('\n');
}

const portsOf = (ports: readonly OpenPort[], wanted: OpenPort['protocol']): number[] =>
  ports.filter(({ protocol }) => protocol === wanted).map(({ port }) => port);

const fill = (set: string, numbers: readonly number[]): string[] => [
  `flush set inet phyllome ${set}`,
  ...(numbers.length === 0
    ? []
    : [`add element inet phyllome ${set} { ${[...new Set(numbers)].sort((a, b) => a - b).join(', ')} }`]),
];
