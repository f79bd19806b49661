// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { editions, type Edition } from '../../../contract/os.ts';
import { smallestTarget, type InstallOffer } from '../../../contract/os-install.ts';
import { readOsRelease } from '../../../host/os-release.ts';
import { judgeDisks, runningDisk, type DiskFacts } from './judge.ts';
import { readBlockDevices, readPlugs } from './lsblk.ts';
import { failingDisks } from './smart.ts';

const secureBootVariable = 'sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c';

/** What could be installed, and where. Looks at everything anew. */
export async function readOffer(root: string, signal?: AbortSignal): Promise<InstallOffer> {
  const devices = await readBlockDevices(root, signal);
  const disks = devices.filter(({ type, size }) => type === 'disk' && size > 0);
  const facts: DiskFacts = {
    devices,
    plugs: readPlugs(root),
    failing: await failingDisks(root, disks, signal),
    backing: readBacking(root),
  };
  const release = readOsRelease(root);
  return {
    live: isLive(root),
    edition: editions.find((one): one is Edition => one === release['VARIANT_ID']) ?? null,
    version: release['IMAGE_VERSION'] ?? null,
    runsFrom: runningDisk(facts),
    tpm: existsSync(join(root, 'dev/tpmrm0')),
    // The value follows four bytes of attributes (UEFI specification, 8.2).
    secureBoot: bytesOf(join(root, secureBootVariable))?.[4] === 1,
    smallest: smallestTarget,
    disks: judgeDisks(facts),
  };
}

/** Whether the system runs from a medium and keeps nothing: the boot entry says so. */
export function isLive(root: string): boolean {
  const line = bytesOf(join(root, 'proc/cmdline'))?.toString('utf8') ?? '';
  return line.split(/\s+/).includes('phyllome.live');
}

function readBacking(root: string): Map<string, string> {
  const folder = join(root, 'sys/block');
  const loops = existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith('loop')) : [];
  const found = loops.map((name): [string, string] => {
    const file = bytesOf(join(folder, name, 'loop/backing_file'));
    return [name, file?.toString('utf8').trim() ?? ''];
  });
  return new Map(found.filter(([, file]) => file !== ''));
}

function bytesOf(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    // Not there, or nothing in it: this PC has no such thing.
    return null;
  }
}
