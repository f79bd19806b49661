// SPDX-License-Identifier: Apache-2.0
import type { HostReport } from '../../contract/host.ts';
import { nameIn, type Tree } from '../tree.ts';
import type { CpuInfo } from './cpu.ts';

type Virtualised = HostReport['virtualised'];
type Evidence = Virtualised['evidence'];

const dmi = 'sys/class/dmi/id';

/** Is this PC a virtual machine, or do we run in a container? */
export function readVirtualised(tree: Tree, info: CpuInfo): Virtualised {
  const evidence: Evidence = [];
  const xenHost = /\bcontrol_d\b/.test(tree.text('proc/xen/capabilities') ?? '');
  if (xenHost) evidence.push({ source: '/proc/xen/capabilities', value: 'control_d' });
  return {
    hypervisor: xenHost ? null : hypervisorOf(tree, info, evidence),
    container: containerOf(tree, evidence),
    xenHost,
    evidence,
  };
}

// The order is that of trust: names in DMI say most, the flag of the processor only that there is one.
function hypervisorOf(tree: Tree, info: CpuInfo, evidence: Evidence): string | null {
  const found = (name: string, source: string, value: string): string => {
    evidence.push({ source, value });
    return name;
  };
  const flag = info.flags.has('hypervisor');
  if (flag) evidence.push({ source: '/proc/cpuinfo', value: 'flag hypervisor' });
  // Clouds also sell whole PCs. On x86 the flag tells them apart; arm has none, but the cloud's name for the PC does.
  const metal =
    info.first['flags'] === undefined ? /metal/i.test(nameIn(tree, `${dmi}/product_name`) ?? '') : !flag;
  for (const file of ['product_name', 'sys_vendor', 'board_vendor', 'bios_vendor', 'product_version']) {
    const path = `${dmi}/${file}`;
    const text = nameIn(tree, path);
    const known = text === null ? undefined : dmiNames.find(({ pattern }) => pattern.test(text));
    if (text === null || known === undefined || (known.alsoMetal === true && metal)) continue;
    return found(known.name, `/${path}`, text);
  }
  const xen = tree.text('sys/hypervisor/type');
  if (xen !== null && xen !== '') return found(xen, '/sys/hypervisor/type', xen);
  const deviceTree = nameIn(tree, 'proc/device-tree/hypervisor/compatible');
  if (deviceTree !== null) {
    const name = deviceTree.startsWith('linux,kvm') ? 'kvm' : deviceTree.split(/[,\s]/)[0];
    return found(name ?? 'unknown', '/proc/device-tree/hypervisor/compatible', deviceTree);
  }
  const board = nameIn(tree, 'proc/device-tree/compatible');
  if (board !== null && /^(?:linux,dummy-virt|qemu)/.test(board))
    return found('qemu', '/proc/device-tree/compatible', board);
  const release = tree.text('proc/sys/kernel/osrelease') ?? '';
  if (/microsoft/i.test(release)) return found('wsl', '/proc/sys/kernel/osrelease', release);
  const maker = flag ? acpiMaker(tree) : null;
  if (maker !== null) return found(maker.name, '/sys/firmware/acpi/tables/FACP', maker.id);
  return flag ? 'unknown' : null;
}

// What VMMs and clouds call the PCs they make up.
const dmiNames: readonly { pattern: RegExp; name: string; alsoMetal?: true }[] = [
  { pattern: /^VMware|^VMW/, name: 'vmware' },
  { pattern: /VirtualBox|^innotek GmbH/, name: 'virtualbox' },
  { pattern: /^QEMU|^Standard PC \(/, name: 'qemu' },
  { pattern: /^Cloud Hypervisor/i, name: 'cloud-hypervisor' },
  { pattern: /^crosvm/i, name: 'crosvm' },
  { pattern: /^KVM|^KubeVirt|^RHEV|^oVirt/i, name: 'kvm' },
  { pattern: /^OpenStack/, name: 'kvm', alsoMetal: true },
  { pattern: /^Google Compute Engine/, name: 'google-cloud', alsoMetal: true },
  { pattern: /^Amazon EC2/, name: 'amazon-ec2', alsoMetal: true },
  { pattern: /^Alibaba Cloud/, name: 'kvm', alsoMetal: true },
  { pattern: /^DigitalOcean|^Droplet|^Hetzner|^Vultr|^Linode/, name: 'kvm', alsoMetal: true },
  { pattern: /^Virtual Machine$|^Hyper-V/, name: 'hyper-v', alsoMetal: true },
  { pattern: /^HVM domU|^Xen/, name: 'xen' },
  { pattern: /^Bochs/, name: 'bochs' },
  { pattern: /^Parallels/, name: 'parallels' },
  { pattern: /^BHYVE/i, name: 'bhyve' },
  { pattern: /^Apple Virtualization|^Virtual Machine \d|^VirtualMac/i, name: 'apple' },
];

// Six letters at byte 10 of every ACPI table name its maker. Only root may read the tables.
const acpiMakers: Readonly<Record<string, string>> = {
  FIRECK: 'firecracker',
  CLOUDH: 'cloud-hypervisor',
  BOCHS: 'qemu',
  CROSVM: 'crosvm',
  VRTUAL: 'hyper-v',
};

function acpiMaker(tree: Tree): { name: string; id: string } | null {
  const id = tree.bytes('sys/firmware/acpi/tables/FACP', 64)?.toString('latin1', 10, 16).trim() ?? '';
  const name = acpiMakers[id];
  return name === undefined ? null : { name, id };
}

function containerOf(tree: Tree, evidence: Evidence): string | null {
  const found = (name: string, source: string, value: string): string => {
    evidence.push({ source, value });
    return name;
  };
  const managed = nameIn(tree, 'run/systemd/container');
  if (managed !== null) return found(managed, '/run/systemd/container', managed);
  if (tree.exists('run/.containerenv')) return found('podman', '/run/.containerenv', 'exists');
  if (tree.exists('.dockerenv')) return found('docker', '/.dockerenv', 'exists');
  if (tree.exists('.flatpak-info')) return found('flatpak', '/.flatpak-info', 'exists');
  const environment = tree.bytes('proc/1/environ')?.toString('utf8').split('\0') ?? [];
  const variable = environment.find((entry) => entry.startsWith('container='));
  if (variable !== undefined) return found(variable.slice(10) || 'unknown', '/proc/1/environ', variable);
  const group = /^.*(docker|kubepods|libpod|lxc\.payload|lxc|containerd).*$/m.exec(
    tree.text('proc/1/cgroup') ?? '',
  );
  if (group?.[1] === undefined) return null;
  return found(
    group[1] === 'kubepods' ? 'kubernetes' : group[1].replace('.payload', ''),
    '/proc/1/cgroup',
    group[1],
  );
}
