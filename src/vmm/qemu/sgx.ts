// SPDX-License-Identifier: Apache-2.0
//
// Intel SGX: enclave memory (EPC) of this PC as a section of the guest's. Facts: QEMU's docs/system/i386/sgx.rst.
import type { MachineDefinition } from '../../contract/machine.ts';
import type { Reason } from '../driver.ts';
import { object } from './arguments.ts';
import { nothing, type Opinion, type Part, type Site } from './part.ts';
import type { QemuReport } from './report.ts';

const page = 4096;

/** Why no machine can have enclaves here. Empty: it can. */
export function sgxObstacles(report: QemuReport): Reason[] {
  const { architecture, answers, accelerator, binary, version, confidential } = report;
  const hint = 'Take sgx out of the definition, or';
  if (architecture !== 'x86_64')
    return [
      { code: 'sgx-architecture', text: 'SGX is for x86_64 guests only.', hint: `${hint} use such a guest.` },
    ];
  return [
    ...(answers.objects.includes('memory-backend-epc')
      ? []
      : [
          {
            code: 'sgx-vmm',
            text: `${binary} (version ${version}) has no memory-backend-epc.`,
            hint: `${hint} install a QEMU 7.0 or newer that was built with it.`,
          },
        ]),
    ...(accelerator.accelerator === 'kvm'
      ? []
      : [
          {
            code: 'sgx-kvm',
            text: `SGX needs KVM: ${accelerator.explanation}`,
            hint: `${hint} make KVM work.`,
          },
        ]),
    ...(confidential.sgxDevice === null
      ? []
      : [
          {
            code: 'sgx-host',
            text: `Enclave memory for guests (/dev/sgx_vepc) cannot be used: ${confidential.sgxDevice}.`,
            hint: `${hint} switch SGX on in the firmware of a PC that has it (Xeon), and let your user open /dev/sgx_vepc.`,
          },
        ]),
  ];
}

export function judgeSgx({ sgx, board }: MachineDefinition, report: QemuReport): Opinion {
  if (sgx === undefined) return {};
  const refusals = sgxObstacles(report);
  if (board === 'micro')
    refusals.push({ code: 'sgx-board', text: 'The micro board has no SGX.', hint: 'Set board to standard.' });
  return { refusals };
}

/** One section, on the one NUMA node that our machines have. With `-cpu host` the guest sees what the processor can. */
export function planSgx({ definition: { sgx } }: Site): Part {
  if (sgx === undefined) return nothing;
  const size = Math.ceil(sgx.epc / page) * page;
  return {
    machine: { 'sgx-epc.0.memdev': 'epc', 'sgx-epc.0.node': '0' },
    // Touched at once: a PC that has not enough of it says so now, and not in the middle of an enclave.
    arguments: object({ 'qom-type': 'memory-backend-epc', id: 'epc', size, prealloc: true }),
  };
}
