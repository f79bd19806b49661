// SPDX-License-Identifier: Apache-2.0
//
// Opens and shuts ports. What may be opened is a closed list, and ports above 1023 that the owner names for his machines.
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { firewallNames, OpenPort } from '../../../contract/os-settings.ts';
import { Type } from '../../../contract/schema.ts';
import { writeAtomic } from '../../../host/files.ts';
import { osFiles } from '../../../host/os-settings/files.ts';
import { firewallRules, readFirewall, type Firewall } from '../../../host/os-settings/firewall.ts';
import { osTool } from '../os-tool.ts';
import type { Verb, VerbContext } from '../verb.ts';

const Request = Type.Object(
  {
    open: Type.Optional(
      Type.Array(Type.Unsafe<'page'>({ type: 'string', enum: ['page'] }), {
        maxItems: 1,
        description: 'What of this PC is opened by its name; left out: as it is. ssh opens with its setting',
      }),
    ),
    ports: Type.Optional(
      Type.Array(OpenPort, { maxItems: 64, description: 'All others; left out: as they are' }),
    ),
  },
  { additionalProperties: false },
);
interface Request {
  open?: readonly 'page'[];
  ports?: OpenPort[];
}

export const firewall: Verb<Request> = {
  request: Request,
  exclusive: true,
  run: changeFirewall,
};

/** Writes down what is open and has the kernel do it, all at once. @returns how it is now */
export async function changeFirewall(
  { open, ssh, ports }: Request & { ssh?: boolean },
  { root, signal }: VerbContext,
): Promise<Firewall> {
  const before = await readFirewall(root);
  const wanted = {
    page: (open ?? before.open).includes('page'),
    ssh: ssh ?? before.open.includes('ssh'),
  };
  const after: Firewall = {
    open: firewallNames.filter((name) => wanted[name]),
    ports: ports ?? before.ports,
  };
  await mkdir(dirname(join(root, osFiles.firewall)), { recursive: true, mode: 0o755 });
  await writeAtomic(join(root, osFiles.firewall), `${JSON.stringify(after, null, 2)}\n`, { mode: 0o644 });
  await writeAtomic(join(root, osFiles.firewallRules), firewallRules(after), { mode: 0o644 });
  await osTool(root, ['/usr/sbin/nft', '-f', join(root, osFiles.firewallRules)], { signal });
  return after;
}
