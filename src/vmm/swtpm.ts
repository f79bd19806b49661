// SPDX-License-Identifier: Apache-2.0
//
// A TPM 2.0 by swtpm, for every VMM that speaks its control protocol.
import { join } from 'node:path';
import type { Decision, PlannedProcess } from '../contract/plan.ts';
import type { MachinePaths } from './driver.ts';

export interface SwtpmPlan {
  helper: PlannedProcess;
  /** Where its secrets are, in the folder of the machine */
  state: string;
  /** Its control channel */
  socket: string;
  decision: Decision;
}

/**
 * The TPM makes its own secrets at its first start. It gets no certificate of a maker (swtpm_setup could make
 * one, of an authority nobody knows): Linux and Windows 11 do not ask for it, only remote attestation would.
 * @param keep the VMM comes back after it hung up, as one does whose guest began anew; else it ends with the connection
 */
export function planSwtpm(
  { env, swtpm }: { env: string; swtpm: string },
  paths: MachinePaths,
  { keep = false }: { keep?: boolean } = {},
): SwtpmPlan {
  const state = join(paths.machine, 'tpm');
  const socket = join(paths.run, 'tpm');
  return {
    state,
    socket,
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
    decision: {
      what: 'TPM: swtpm without a certificate',
      why: 'guests use it fully; remote attestation does not work',
    },
  };
}
