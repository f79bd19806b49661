// SPDX-License-Identifier: Apache-2.0
//
// The TPM of this PC, given to a guest as it is.
import { access, constants, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MachineDefinition } from '../../contract/machine.ts';
import { errorCode } from '../../host/files.ts';
import type { Opinion } from './part.ts';
import type { QemuReport } from './report.ts';

export const hostTpmDevice = '/dev/tpm0';

/** Whether QEMU can have it: null, or why not. Who uses it now is only known when it is opened. */
export async function probeHostTpm(root = '/'): Promise<string | null> {
  const problem = await access(join(root, hostTpmDevice), constants.R_OK | constants.W_OK).then(
    () => null,
    (error: unknown) => errorCode(error) ?? 'unknown',
  );
  if (problem === 'ENOENT') return 'this PC has none, or its firmware has it switched off';
  if (problem === 'EACCES' || problem === 'EPERM')
    return `your user may not open ${hostTpmDevice}, which root or a group (ls -l ${hostTpmDevice}) has`;
  if (problem !== null) return `${hostTpmDevice} cannot be opened (${problem})`;
  const version = await readFile(join(root, 'sys/class/tpm/tpm0/tpm_version_major'), 'utf8').catch(() => '');
  return version.trim() === '1' ? 'that of this PC is a TPM 1.2, which guests of today do not use' : null;
}

/**
 * Not with encrypted disks that the same TPM opens: its guest may clear it, and the key would be gone.
 * Whoever chooses it is told what it does not do.
 */
export function judgeHostTpm({ tpm, encryption }: MachineDefinition, { hostTpm }: QemuReport): Opinion {
  if (tpm !== 'passthrough') return {};
  const refusals = [];
  if (hostTpm !== null) {
    const text = `The TPM of this PC cannot be given to the machine: ${hostTpm}.`;
    refusals.push({ code: 'no-host-tpm', text, hint: 'Set tpm to emulated, or have that changed.' });
  }
  if (encryption?.key === 'tpm') {
    const text =
      'The TPM of this PC opens the encrypted disks of the machine, and its guest could clear it: nothing would open them then.';
    const hint = 'Choose another key ("phyllome encrypt NAME --key passphrase"), or set tpm to emulated.';
    refusals.push({ code: 'host-tpm-holds-key', text, hint });
  }
  const text =
    'The guest can clear the TPM of this PC, with what this PC sealed in it. Snapshots, clones, backups and copies on other PCs do not have its secrets.';
  const hint = 'Set tpm to emulated, unless the guest has to prove which PC it runs on.';
  return refusals.length > 0 ? { refusals } : { losses: [{ code: 'partly-host-tpm', text, hint }] };
}
