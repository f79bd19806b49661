// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '../../contract/doctor.ts';
import type { HostReport } from '../../contract/host.ts';
import { finding } from './finding.ts';

// Where the switch for nested virtualisation is, by the name the report has for the hypervisor.
const switches: Readonly<Record<string, string>> = {
  vmware:
    'VMware: settings of the machine > Processors > "Virtualize Intel VT-x/EPT or AMD-V/RVI" (the machine must be off).',
  virtualbox: 'VirtualBox: VBoxManage modifyvm NAME --nested-hw-virt on (the machine must be off).',
  'hyper-v':
    'Hyper-V: Set-VMProcessor -VMName NAME -ExposeVirtualizationExtensions $true (the machine must be off).',
  wsl: 'WSL 2: nestedVirtualization=true below [wsl2] in .wslconfig, then wsl --shutdown (needs Windows 11).',
  qemu: 'QEMU/KVM: load its kvm module with nested=1 and give this machine the processor model "host".',
  kvm: 'QEMU/KVM: load its kvm module with nested=1 and give this machine the processor model "host".',
  parallels:
    'Parallels: Hardware > CPU & Memory > Advanced > "Enable nested virtualization" (Intel Macs only).',
  'google-cloud': 'Google Cloud: create the machine with --enable-nested-virtualization.',
  'amazon-ec2': 'Amazon EC2: take a type ending in ".metal", or one that offers nested virtualisation.',
  firecracker: 'Firecracker hands on no virtualisation: use another kind of machine.',
};

/** @param kvmWorks guests run in guests: slower than on metal, but they run */
export function insideVm({ virtualised }: HostReport, kvmWorks: boolean): Finding {
  const name = virtualised.hypervisor ?? 'unknown';
  const where = name === 'unknown' ? 'a virtual machine' : `a virtual machine itself (${name})`;
  return finding({
    id: 'inside-vm',
    severity: kvmWorks ? 'advice' : 'problem',
    title: `This PC is ${where}.`,
    explanation: kvmWorks
      ? 'Its host hands on virtualisation, so guests run inside it, some tens of percent slower than on a real PC.'
      : 'Guests need the processor of the real PC, and the host of this machine does not hand it on, or not so that it works.',
    evidence: virtualised.evidence,
    next: kvmWorks
      ? []
      : [
          switches[name] ?? 'Switch on nested virtualisation in the settings of its host or cloud.',
          'Or install Phyllome on a PC with its own processor.',
        ],
  });
}
