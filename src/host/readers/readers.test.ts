// SPDX-License-Identifier: Apache-2.0
//
// What single readers make of files that the recorded PCs do not show.
import { expect, test } from 'vitest';
import { unpack } from '../recorded-pc.ts';
import { openTree } from '../tree.ts';
import { readCpuInfo } from './cpu.ts';
import { disksBelow } from './block-devices.ts';
import { readFirewall } from './firewall.ts';
import { readLimits } from './limits.ts';
import { readModules } from './modules.ts';
import { mountOf, readMounts } from './mounts.ts';
import { readNetwork } from './network.ts';
import { readVirtualised } from './virtualised.ts';

test.each([
  ['sys/class/dmi/id/product_name = VMware Virtual Platform', 'vmware'],
  ['sys/class/dmi/id/sys_vendor = innotek GmbH', 'virtualbox'],
  ['sys/class/dmi/id/sys_vendor = QEMU', 'qemu'],
  ['sys/class/dmi/id/product_name = Standard PC (Q35 + ICH9, 2009)', 'qemu'],
  ['cpu flags=hypervisor\nsys/class/dmi/id/product_name = Virtual Machine', 'hyper-v'],
  ['cpu flags=hypervisor\nsys/class/dmi/id/product_name = Google Compute Engine', 'google-cloud'],
  ['cpu flags=svm\nsys/class/dmi/id/product_name = Google Compute Engine', null],
  ['cpu flags=vmx\nsys/class/dmi/id/sys_vendor = Amazon EC2\nsys/class/dmi/id/product_name = m5.metal', null],
  ['cpu flags=hypervisor\nsys/hypervisor/type = xen', 'xen'],
  ['cpu flags=hypervisor\nproc/sys/kernel/osrelease = 5.15.167.4-microsoft-standard-WSL2', 'wsl'],
  ['cpu flags=hypervisor', 'unknown'],
  ['proc/device-tree/compatible = linux,dummy-virt', 'qemu'],
  ['cpu flags=vmx\nsys/class/dmi/id/sys_vendor = Dell Inc.', null],
])('%j runs in %s', (files, hypervisor) => {
  using pc = unpack(files);
  const tree = openTree(pc.root);
  const found = readVirtualised(tree, readCpuInfo(tree));
  expect(found.hypervisor).toBe(hypervisor);
  expect(found.evidence.length > 0).toBe(hypervisor !== null);
});

test('the dom0 of Xen is a host, not a guest', () => {
  using pc = unpack('cpu flags=hypervisor\nsys/hypervisor/type = xen\nproc/xen/capabilities = control_d');
  const tree = openTree(pc.root);
  expect(readVirtualised(tree, readCpuInfo(tree))).toMatchObject({ hypervisor: null, xenHost: true });
});

test.each([
  ['run/systemd/container = lxc', 'lxc'],
  ['run/.containerenv =', 'podman'],
  ['.dockerenv =', 'docker'],
  ['proc/1/cgroup = 0::/kubepods/besteffort/pod1/abc', 'kubernetes'],
  ['proc/1/cgroup = 0::/init.scope', null],
])('%j is in %s', (files, container) => {
  using pc = unpack(files);
  const tree = openTree(pc.root);
  expect(readVirtualised(tree, readCpuInfo(tree)).container).toBe(container);
});

test('modules: loaded, built in, on the disk, nowhere', () => {
  using pc = unpack(`
proc/modules = vhost_net 32768 1 - Live 0x0000000000000000
sys/module/kvm/parameters/halt_poll_ns = 1

[lib/modules/6.1.0/modules.dep]
kernel/arch/x86/kvm/kvm-intel.ko.xz: kernel/arch/x86/kvm/kvm.ko.xz
kernel/drivers/vfio/pci/vfio-pci.ko: kernel/x.ko

[lib/modules/6.1.0/modules.builtin]
kernel/drivers/net/tun.ko
`);
  const states = Object.fromEntries(
    readModules(openTree(pc.root), '6.1.0').map(({ name, state }) => [name, state]),
  );
  expect(states).toMatchObject({
    vhost_net: 'loaded',
    kvm: 'built-in',
    kvm_intel: 'available',
    vfio_pci: 'available',
    tun: 'built-in',
    kvm_amd: 'missing',
  });
});

test('mount points with spaces, and the longest one wins', () => {
  using pc = unpack(`
[proc/self/mountinfo]
1 0 8:1 / / rw - ext4 /dev/sda1 rw
2 1 8:2 / /mnt/a\\040b rw shared:1 master:2 - xfs /dev/sda2 rw
3 1 8:3 / /mnt rw - ext4 /dev/sda3 rw
nonsense
`);
  const mounts = readMounts(openTree(pc.root));
  expect(mounts).toHaveLength(3);
  expect(mountOf(mounts, '/mnt/a b/c')?.filesystem).toBe('xfs');
  expect(mountOf(mounts, '/mnt/a')?.number).toBe('8:3');
  expect(mountOf(mounts, '/mntx')?.number).toBe('8:1');
});

test('the slowest disk of several decides', () => {
  using pc = unpack(`
disk sda 8:0 rotational=1 parts=1
disk sdb 8:16 rotational=0 parts=1
disk dm-0 253:0 dm=vg-home slaves=sda1
sys/devices/virtual/block/dm-0/slaves/sdb1 -> ../../../../pci0000:00/0000:00:17.0/block/sdb/sdb1
proc/self/mountinfo = 1 0 253:0 / / rw - xfs /dev/mapper/vg-home rw
`);
  const tree = openTree(pc.root);
  const [mount] = readMounts(tree);
  expect(disksBelow(tree, mount as NonNullable<typeof mount>)).toEqual({
    encrypted: false,
    disks: [
      { name: 'sda', kind: 'hdd', model: null },
      { name: 'sdb', kind: 'ssd', model: null },
    ],
  });
});

test('interfaces: kinds, and the default route', () => {
  using pc = unpack(`
net eth0 wired at=pci0000:00/0000:00:19.0 speed=-1
net wlan0 wireless at=pci0000:00/0000:00:1a.0
net tap0 tap
net veth1 virtual
sys/class/net/bonding_masters = bond0

[proc/net/route]
Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
wlan0	00000000	0101A8C0	0003	0	0	600	00000000	0	0	0
eth0	0001A8C0	00000000	0001	0	0	100	00FFFFFF	0	0	0
`);
  const found = readNetwork(openTree(pc.root));
  expect(
    found.map(({ name, kind, defaultRoute, bridgeable }) => [name, kind, defaultRoute, bridgeable]),
  ).toEqual([
    ['eth0', 'wired', false, true],
    ['tap0', 'tap', false, false],
    ['veth1', 'virtual', false, false],
    ['wlan0', 'wireless', true, false],
  ]);
  expect(found[0]).toMatchObject({ address: '0000:00:19.0', megabitsPerSecond: null, up: false });
});

const kindOf = (mounts: string) => {
  using pc = unpack(`[proc/self/mountinfo]\n${mounts}\n`);
  return readLimits(openTree(pc.root)).cgroup;
};

test('control groups: old, both, new', () => {
  const v1 = '1 0 0:3 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory';
  expect(kindOf(v1)).toBe('v1');
  expect(kindOf(`${v1}\n2 0 0:4 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw`)).toBe('hybrid');
  expect(kindOf('2 0 0:4 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw')).toBe('v2');
  expect(kindOf('1 0 8:1 / / rw - ext4 /dev/sda1 rw')).toBe(null);
});

const filters = (files: string) => {
  using pc = unpack(`net eth0 virtual\n${files}`);
  return readFirewall(openTree(pc.root)).filtersBridges;
};

test('a bridge is only filtered when the module asks for it', () => {
  expect(filters('')).toBe(false);
  expect(filters('proc/sys/net/bridge/bridge-nf-call-iptables = 0')).toBe(false);
  expect(filters('proc/sys/net/bridge/bridge-nf-call-iptables = 1')).toBe(true);
});
