// SPDX-License-Identifier: Apache-2.0

// Between the end of the helper and its next start (seconds). Long enough that all processes of a machine that is
// ended have their signal before one is started again; Cloud Hypervisor tries to connect every 0.1 s, for a minute.
const pause = '0.1';

// $1: a file that is there as long as there is something to serve.
const loop = `vmm=$1; shift; while "$@"; sleep ${pause}; [ -e "$vmm" ]; do :; done`;

/**
 * The command of a helper that is started again when it ends, as one does whose VMM hung up because the guest began
 * anew. No word of the command is read by the shell. Before the VMM is there, it ends with the helper.
 * @param vmm the control socket
 */
export function startedAgain(sh: string, vmm: string, command: readonly string[]): string[] {
  return [sh, '-c', loop, 'again', vmm, ...command];
}
