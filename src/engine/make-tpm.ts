// SPDX-License-Identifier: Apache-2.0
import { chmod, copyFile, mkdir, readFile, rm, stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LaunchPlan, PlannedTpm } from '../contract/plan.ts';
import { makeNewFile } from '../disk/new-file.ts';
import { findBinary } from '../host/binaries.ts';
import { writeAtomic } from '../host/files.ts';
import { setupFile, tpmStateFile } from '../vmm/swtpm.ts';
import { tailLines } from './log-file.ts';
import { startProcess } from './supervisor.ts';

/** Files of the authority without which none of the others is of use. swtpm_localca makes them when all are missing. */
const authorityKeys = [
  'signkey.pem',
  'issuercert.pem',
  'swtpm-localca-rootca-privkey.pem',
  'swtpm-localca-rootca-cert.pem',
];

/**
 * Makes the TPM of a machine, with certificates, unless it has one. It appears whole or not at all: it is made in the
 * run folder, which each start begins empty.
 *
 * @returns null, or why the TPM will have no certificate; swtpm then makes its secrets by itself, and the guest can use
 *   them as well
 * @throws PhyllomeError `no-space`, `helper-failed` when swtpm_setup cannot be executed at all
 */
export async function makeTpm(plan: LaunchPlan, tpm: PlannedTpm): Promise<string | null> {
  if (existsSync(tpm.file)) return null;
  await mkdir(tpm.authority, { recursive: true, mode: 0o700 });
  await writeSettings(tpm.authority);
  let failed = await attempt(plan, tpm);
  // A power cut may have left an authority that is not whole, and that never signed anything.
  if (failed && (await removeHalfMade(tpm.authority))) failed = await attempt(plan, tpm);
  if (failed) {
    const words = (await tailLines(tpm.process.log, 2)).join(' ');
    return `The TPM of ${plan.machine.name} has no certificate, because swtpm_setup failed: ${words} Only remote attestation needs it.`;
  }
  await makeNewFile('state of the TPM', tpm.file, async (temporary) => {
    await copyFile(join(tpm.made, tpmStateFile), temporary);
    await chmod(temporary, 0o600);
  });
  await rm(tpm.made, { recursive: true, force: true });
  return null;
}

/** @returns whether it failed */
async function attempt(plan: LaunchPlan, tpm: PlannedTpm): Promise<boolean> {
  await rm(tpm.made, { recursive: true, force: true });
  await mkdir(tpm.made, { mode: 0o700 });
  const { ended } = await startProcess(plan, tpm.process);
  const { code } = await ended;
  return code !== 0 || !existsSync(join(tpm.made, tpmStateFile));
}

/** What swtpm_setup and swtpm_localca read: man 5 swtpm_setup.conf, man 5 swtpm-localca.conf */
async function writeSettings(authority: string): Promise<void> {
  const at = (name: string): string => join(authority, name);
  const files = {
    [setupFile]: [
      `create_certs_tool = ${findBinary('swtpm_localca') ?? '/usr/bin/swtpm_localca'}`,
      `create_certs_tool_config = ${at('localca.conf')}`,
      `create_certs_tool_options = ${at('localca.options')}`,
      // What firmware, Linux and Windows 11 measure into.
      'active_pcr_banks = sha256',
    ],
    'localca.conf': [
      `statedir = ${authority}`,
      `signingkey = ${at('signkey.pem')}`,
      `issuercert = ${at('issuercert.pem')}`,
      `certserial = ${at('certserial')}`,
    ],
    'localca.options': [
      '--platform-manufacturer Phyllome',
      '--platform-version 1',
      '--platform-model Machine',
    ],
  };
  for (const [name, lines] of Object.entries(files)) {
    const content = `${lines.join('\n')}\n`;
    const now = await readFile(at(name), 'utf8').catch(() => null);
    if (now !== content) await writeAtomic(at(name), content);
  }
}

/** Removes the keys of an authority that lacks one of them. @returns whether it did */
async function removeHalfMade(authority: string): Promise<boolean> {
  const sizes = await Promise.all(
    authorityKeys.map((name) =>
      stat(join(authority, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  if (sizes.every((size) => size > 0) || sizes.every((size) => size === 0)) return false;
  for (const name of [...authorityKeys, 'certserial']) await rm(join(authority, name), { force: true });
  return true;
}
