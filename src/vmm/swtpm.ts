// SPDX-License-Identifier: Apache-2.0
//
// A TPM 2.0 by swtpm, for every VMM that speaks its control protocol.
import { join } from 'node:path';
import type { Decision, PlannedProcess, PlannedTpm } from '../contract/plan.ts';
import type { MachinePaths } from './driver.ts';

export interface SwtpmTools {
  env: string;
  swtpm: string;
  /** swtpm_setup, where it is installed */
  setup: string | null;
}

export interface SwtpmPlan {
  helper: PlannedProcess;
  /** Where its secrets are, in the folder of the machine */
  state: string;
  /** Its control channel */
  socket: string;
  /** How it is made; null: swtpm makes its secrets itself, without a certificate */
  tpm: PlannedTpm | null;
  decision: Decision;
}

/** What swtpm keeps of a TPM 2.0 between runs, in the folder of its state. */
export const tpmStateFile = 'tpm2-00.permall';

/** What swtpm_setup reads, in the folder of the authority. */
export const setupFile = 'setup.conf';

/**
 * A TPM comes from its maker with an endorsement key and a certificate for it. Ours get one of an authority of this
 * user: whoever trusts that authority can tell its machines from others. Linux and Windows 11 do not ask for it.
 * @param keep the VMM comes back after it hung up, as one does whose guest began anew; else it ends with the connection
 */
export function planSwtpm(
  { env, swtpm, setup }: SwtpmTools,
  paths: MachinePaths,
  id: string,
  { keep = false }: { keep?: boolean } = {},
): SwtpmPlan {
  const state = join(paths.machine, 'tpm');
  const socket = join(paths.run, 'tpm');
  const tpm = setup === null ? null : planMaking({ env, setup }, paths, id);
  return {
    state,
    socket,
    tpm,
    helper: {
      name: 'swtpm',
      // swtpm cuts its options at commas and knows no way to escape one. So the folder of its state, which people
      // may name as they like, goes by the environment, and a socket with a comma goes by its name in its folder.
      command: [
        env,
        `--chdir=${paths.run}`,
        `TPM_PATH=${state}`,
        swtpm,
        'socket',
        '--tpm2',
        '--ctrl',
        `type=unixio,path=${socket.includes(',') ? 'tpm' : socket},mode=0600`,
        // Who comes back to it finds it begun; QEMU begins it itself.
        ...(keep ? ['--flags', 'startup-clear'] : ['--terminate']),
      ],
      log: join(paths.logs, 'swtpm.log'),
      ready: socket,
    },
    decision:
      tpm === null
        ? {
            what: 'TPM: swtpm; a new one has no certificate',
            why: `${setup === null ? 'swtpm_setup is not installed' : 'there is no place for the keys that sign it'}; guests use it fully, remote attestation does not work`,
          }
        : {
            what: 'TPM: swtpm; a new one has a certificate',
            why: `it is signed by keys of yours, in ${tpm.authority}; nobody else knows them`,
          },
  };
}

/**
 * Made in the run folder, which each start begins empty: what a crash left half-made is never used.
 * https://man.archlinux.org/man/swtpm_setup.8
 */
function planMaking(
  { env, setup }: { env: string; setup: string },
  { machine, run, logs, tpmAuthority: authority }: MachinePaths,
  id: string,
): PlannedTpm | null {
  // The files of its settings are read line by line, and variables in them are replaced.
  if (authority === undefined || /\$\{|[\n\r]|\s$/.test(authority)) return null;
  const made = join(run, 'new-tpm');
  return {
    file: join(machine, 'tpm', tpmStateFile),
    made,
    authority,
    process: {
      name: 'swtpm_setup',
      command: [
        env,
        `--chdir=${run}`,
        setup,
        '--tpm2',
        '--tpm-state',
        `dir://${made.includes(',') ? 'new-tpm' : made}`,
        '--create-ek-cert',
        '--create-platform-cert',
        '--lock-nvram',
        '--vmid',
        id,
        '--config',
        join(authority, setupFile),
      ],
      log: join(logs, 'swtpm_setup.log'),
      ready: null,
    },
  };
}
