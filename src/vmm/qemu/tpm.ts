// SPDX-License-Identifier: Apache-2.0
import type { Architecture, MachineDefinition } from '../../contract/machine.ts';
import { planSwtpm } from '../swtpm.ts';
import { installing } from '../tool.ts';
import { clientSocket, device } from './arguments.ts';
import { hostTpmDevice } from './host-tpm.ts';
import { hasDevice, lacksDevice, nothing, type Opinion, type Part, type Site } from './part.ts';
import type { QemuReport } from './report.ts';

// What firmware and systems of each architecture look for.
const tpmDevices: Readonly<Record<Architecture, string>> = {
  x86_64: 'tpm-crb',
  aarch64: 'tpm-tis-device',
  riscv64: 'tpm-tis-device',
};

/** A real TPM takes commands of 4096 bytes; tpm-crb has room for 3968, and QEMU then refuses to start. */
function deviceFor(tpm: MachineDefinition['tpm'], architecture: Architecture): string {
  return tpm === 'passthrough' && architecture === 'x86_64' ? 'tpm-tis' : tpmDevices[architecture];
}

/** A machine that has a TPM may have its disk sealed by it, so it does not run without one. */
export function judgeTpm({ tpm, architecture }: MachineDefinition, report: QemuReport): Opinion {
  if (tpm === 'none') return {};
  const refusals = [];
  if (tpm === 'emulated' && report.tools.swtpm.path === null) {
    const text = 'swtpm is not installed, and the TPM of the machine needs it.';
    refusals.push({ code: 'tool-missing', text, hint: installing(report.tools.swtpm) });
  }
  const driver = deviceFor(tpm, architecture);
  const hint = 'Set tpm to none, or install the QEMU of your distribution.';
  if (!hasDevice(report, driver)) refusals.push(lacksDevice(report, driver, 'tpm-missing', hint));
  return { refusals };
}

export function planTpm({ definition, report, paths }: Site): Part {
  if (definition.tpm === 'passthrough') return planHostTpm(definition.architecture);
  const { swtpm, swtpmSetup, env } = report.tools;
  if (definition.tpm === 'none' || swtpm.path === null || env.path === null) return nothing;
  // It ends with the connection of QEMU.
  const tools = { env: env.path, swtpm: swtpm.path, setup: swtpmSetup.path };
  const { helper, state, socket, tpm, decision } = planSwtpm(tools, paths, definition.id);
  return {
    directories: [state],
    helpers: [helper],
    ...(tpm !== null && { tpm }),
    arguments: [
      clientSocket('tpm-socket', socket),
      ['-tpmdev', 'emulator,id=tpm-emulator,chardev=tpm-socket'],
      device({
        driver: deviceFor(definition.tpm, definition.architecture),
        id: 'tpm',
        tpmdev: 'tpm-emulator',
      }),
    ].flat(),
    decisions: [decision],
  };
}

/** QEMU opens it alone: a second machine, or a program of this PC that has it, makes the start fail. */
function planHostTpm(architecture: Architecture): Part {
  return {
    arguments: [
      // A TPM 2.0 has no file to cancel a command by; QEMU insists on one, and libvirt gives it this one as well.
      ['-tpmdev', `passthrough,id=tpm-host,path=${hostTpmDevice},cancel-path=/dev/null`],
      device({ driver: deviceFor('passthrough', architecture), id: 'tpm', tpmdev: 'tpm-host' }),
    ].flat(),
    decisions: [
      {
        what: `TPM: ${hostTpmDevice} of this PC`,
        why: 'asked for by the definition; one machine at a time has it, and no snapshot, clone or backup holds its secrets',
      },
    ],
  };
}
