// SPDX-License-Identifier: Apache-2.0
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LabFirmware } from './pc-spec.ts';
import type { Tools } from './tools.ts';

/** Who the keys in a Secure Boot belong to: any UUID, of the lab alone. */
const owner = '6d1c1a54-7a0c-4b8e-9c11-8f2f0a5d3c21';

/**
 * The firmware of a PC.
 * @param certificate of the builder of the images (PEM): with Secure Boot, the only one whose programs start
 * @param keep its variables are there from an earlier time on; otherwise it is fresh from the shop
 */
export async function makeFirmware(
  tools: Tools,
  firmware: LabFirmware,
  folder: string,
  certificate: string | null,
  keep: boolean,
): Promise<{ code: string; vars: string } | null> {
  if (firmware === 'bios') return null;
  const inTree = (name: string): string => join(tools.tree, 'usr/share/OVMF', name);
  const vars = join(folder, 'vars.fd');
  if (firmware === 'uefi') {
    if (!keep) await copyFile(inTree('OVMF_VARS_4M.fd'), vars);
    return { code: inTree('OVMF_CODE_4M.fd'), vars };
  }
  const code = inTree('OVMF_CODE_4M.secboot.fd');
  if (keep) return { code, vars };
  if (certificate === null) throw new Error('Secure Boot needs the certificate of the builder');
  const enroll = ['pk', 'kek', 'db'].flatMap((name) => [
    name === 'pk' ? '--set-pk' : `--add-${name}`,
    owner,
    certificate,
  ]);
  const empty = inTree('OVMF_VARS_4M.fd');
  await tools.run('virt-fw-vars', '--input', empty, '--output', vars, ...enroll, '--secure-boot');
  return { code, vars };
}
