// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import type { Architecture, MachineDefinition } from '../../contract/machine.ts';
import { clientSocket, device } from './arguments.ts';
import { hasDevice, installing, lacksDevice, nothing, type Opinion, type Part, type Site } from './part.ts';
import type { QemuReport } from './report.ts';

// What firmware and systems of each architecture look for.
const tpmDevices: Readonly<Record<Architecture, string>> = {
  x86_64: 'tpm-crb',
  aarch64: 'tpm-tis-device',
  riscv64: 'tpm-tis-device',
};

/** A machine that has a TPM may have its disk sealed by it, so it does not run without. */
export function judgeTpm({ tpm, architecture }: MachineDefinition, report: QemuReport): Opinion {
  if (tpm === 'none') return {};
  const refusals = [];
  if (report.tools.swtpm.path === null) {
    const text = 'swtpm is not installed, and the TPM of the machine needs it.';
    refusals.push({ code: 'tool-missing', text, hint: installing(report.tools.swtpm) });
  }
  const driver = tpmDevices[architecture];
  const hint = 'Set tpm to none, or install the QEMU of your distribution.';
  if (!hasDevice(report, driver)) refusals.push(lacksDevice(report, driver, 'tpm-missing', hint));
  return { refusals };
}

/**
 * The TPM makes its own secrets at its first start. It gets no certificate of a maker (swtpm_setup could make
 * one, of an authority nobody knows): Linux and Windows 11 do not ask for it, only remote attestation would.
 */
export function planTpm({ definition, report, paths }: Site): Part {
  const { swtpm, env } = report.tools;
  if (definition.tpm === 'none' || swtpm.path === null || env.path === null) return nothing;
  const state = join(paths.machine, 'tpm');
  const socket = join(paths.run, 'tpm');
  return {
    directories: [state],
    helpers: [
      {
        name: 'swtpm',
        // swtpm cuts its options at commas and knows no way to escape one. So the folder of its state, which people
        // may name as they like, goes by the environment, and a socket with a comma goes by its name in its folder.
        command: [
          env.path,
          `--chdir=${paths.run}`,
          `TPM_PATH=${state}`,
          swtpm.path,
          'socket',
          '--tpm2',
          '--ctrl',
          `type=unixio,path=${socket.includes(',') ? 'tpm' : socket},mode=0600`,
          // It ends with the connection of QEMU.
          '--terminate',
        ],
        log: join(paths.logs, 'swtpm.log'),
        ready: socket,
      },
    ],
    arguments: [
      clientSocket('tpm-socket', socket),
      ['-tpmdev', 'emulator,id=tpm-emulator,chardev=tpm-socket'],
      device({ driver: tpmDevices[definition.architecture], id: 'tpm', tpmdev: 'tpm-emulator' }),
    ].flat(),
    decisions: [
      {
        what: 'TPM: swtpm without a certificate',
        why: 'guests use it fully; remote attestation does not work',
      },
    ],
  };
}
