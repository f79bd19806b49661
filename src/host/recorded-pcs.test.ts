// SPDX-License-Identifier: Apache-2.0
//
// Whole PCs (fixtures/pcs): what is read of them, and what the doctor says.
import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { DoctorReport } from '../contract/doctor.ts';
import { HostReport } from '../contract/host.ts';
import { diagnose } from './doctor/diagnose.ts';
import { recordedPc } from './recorded-pc.ts';

interface Expected {
  report: object;
  /** "severity id <- causes ! fix" */
  findings: string[];
  /** What is missed or unknown ("?") of each tier */
  minimum: string[];
  recommended: string[];
}

const noVhost = ['advice no-vhost-net ! vhost-modules', 'advice no-vhost-vsock ! vhost-modules'];
const working = ['good kvm-works'];

const pcs: Readonly<Record<string, Expected>> = {
  'desktop-amd-coarse': {
    report: {
      cpu: {
        vendor: 'AMD',
        cores: 6,
        threads: 12,
        sockets: 1,
        virtualization: {
          extension: 'svm',
          secondGeneration: true,
          nested: true,
          sev: true,
          sevSnp: false,
          confidential: [],
        },
      },
      dmi: { board: 'B450-A PRO MAX (MS-7B86)', chassis: 'desktop', isApple: false },
      firmware: { kind: 'uefi', version: 'M.I0', date: '07/25/2023' },
      iommu: { enabled: true, groups: 8, units: ['ivhd0'], firmwareTable: true, acsOverride: false },
      storage: [
        {
          kind: 'nvme',
          device: 'nvme0n1',
          model: 'Samsung SSD 970 EVO Plus 500GB',
          filesystem: 'ext4',
          reflink: false,
        },
      ],
      graphics: [
        { address: '0000:25:00.0', driver: 'nouveau', bootVga: false, iommuGroup: 13, renderNode: null },
        {
          address: '0000:26:00.0',
          driver: 'amdgpu',
          bootVga: true,
          renderNode: '/dev/dri/renderD128',
          connectors: ['DP-1'],
        },
      ],
      firewall: { docker: true, libvirt: true, firewalld: false, filtersBridges: true },
      session: { user: 'anna', groups: ['anna', 'kvm', 'render'] },
      notes: [],
    },
    findings: [
      'warning coarse-groups',
      'advice no-swap',
      'advice copies-cost-space',
      'advice low-memlock ! memlock-limit',
      'advice kernel-too-old-for-venus',
      'advice graphics-library-missing',
      'advice firewall-filters-bridges',
      'advice firewalls-clash',
      ...working,
      'good iommu-works',
    ],
    minimum: [],
    recommended: ['cores'],
  },
  'laptop-intel': {
    report: {
      cpu: {
        vendor: 'Intel',
        virtualization: { extension: 'vmx', secondGeneration: true, sgx: true, sev: false },
      },
      memory: { swap: [{ kind: 'zram', sizeBytes: 7889916 * 1024 }] },
      dmi: { chassis: 'laptop', productVersion: 'ThinkPad T14 Gen 2i' },
      firmware: { kind: 'uefi', secureBoot: true, rebootToSetup: true },
      tpm: { present: true, version: '2.0' },
      storage: [
        {
          mountPoint: '/home',
          kind: 'nvme',
          device: 'nvme0n1',
          encrypted: true,
          filesystem: 'btrfs',
          reflink: true,
        },
      ],
      network: [
        { kind: 'loopback' },
        { name: 'wlp0s20f3', kind: 'wireless', address: '0000:00:14.3', up: true, bridgeable: false },
      ],
      audio: [{ name: 'sof-hda-dsp' }],
      session: { groups: ['anna'], groupsOnPaper: ['anna', 'kvm'] },
    },
    findings: [
      'problem kvm-session-old',
      'problem guests-emulated <- kvm-session-old',
      'advice single-graphics-card',
      'advice no-vhost-net <- kvm-session-old',
      'advice no-vhost-vsock <- kvm-session-old',
      'advice only-wireless',
      'good iommu-works',
    ],
    minimum: [],
    recommended: ['cores', 'memory', 'graphics'],
  },
  'workstation-two-gpus': {
    report: {
      graphics: [
        { driver: 'i915', bootVga: true },
        { driver: 'vfio-pci', iommuGroup: 15 },
      ],
      graphicsPaths: [
        { id: 'virtio-gpu-2d', possible: true },
        { id: 'virgl', possible: true, cards: ['/dev/dri/renderD128'] },
        { id: 'venus', possible: true },
        { id: 'native-context', possible: true, cards: ['/dev/dri/renderD128'] },
      ],
      limits: { memlockBytes: null, memlockUnlimited: true, cgroup: 'v2' },
      vmms: [{ program: 'qemu-system-x86_64', version: '11.0.0' }, {}, {}, {}, {}, {}],
    },
    findings: [...working, 'good iommu-works'],
    minimum: [],
    recommended: [],
  },
  'intel-sriov-igpu': {
    report: {
      graphics: [
        { address: '0000:00:02.0', sriov: { total: 7, enabled: 2 }, virtualFunctionOf: null },
        { address: '0000:00:02.1', sriov: null, virtualFunctionOf: '0000:00:02.0' },
        { address: '0000:00:02.2', virtualFunctionOf: '0000:00:02.0' },
      ],
      network: [
        { name: 'enp86s0', kind: 'wired', bridge: 'vmbr0', bridgeable: false, megabitsPerSecond: 2500 },
        { name: 'vmbr0', kind: 'bridge' },
      ],
    },
    findings: [
      'problem kvm-no-group ! kvm-group',
      'problem guests-emulated <- kvm-no-group',
      'warning helpers-missing',
      'advice graphics-no-permission',
      ...noVhost,
      'good iommu-works',
    ],
    minimum: [],
    recommended: [],
  },
  'cloud-vm': {
    report: {
      cpu: {
        cores: 1,
        threads: 2,
        virtualization: { extension: null, secondGeneration: null, nested: null },
      },
      virtualised: { hypervisor: 'amazon-ec2', container: null },
      storage: [{ kind: 'virtual', device: 'nvme0n1' }],
    },
    findings: [
      'problem inside-vm',
      'problem guests-emulated <- inside-vm',
      'warning few-cores',
      'warning little-memory',
      'warning disk-small',
      'advice no-swap',
      'advice copies-cost-space',
      'advice no-iommu <- inside-vm',
      'advice passthrough-impossible <- no-iommu',
      ...noVhost,
    ],
    minimum: ['extensions', 'cores', 'memory', '?disk'],
    recommended: ['second-generation', 'cores', 'memory', '?disk', 'graphics'],
  },
  container: {
    report: {
      virtualised: {
        hypervisor: null,
        container: 'docker',
        evidence: [{ source: '/.dockerenv', value: 'exists' }],
      },
      memory: { limitBytes: 4 * 2 ** 30 },
      storage: [{ kind: null, filesystem: 'overlay', reflink: null }],
      pciDevices: [],
      firmware: { kind: null, secureBoot: null },
    },
    findings: [
      'problem inside-container',
      'problem guests-emulated <- inside-container',
      'problem vmm-missing',
      'problem helpers-missing',
      'warning little-memory',
      'advice no-vhost-net <- inside-container',
      'advice no-vhost-vsock <- inside-container',
    ],
    minimum: ['memory', '?disk', '?graphics'],
    recommended: ['memory', '?disk', '?graphics'],
  },
  'apple-mac': {
    report: {
      dmi: { isApple: true, product: 'Macmini7,1' },
      storage: [{ kind: 'hdd', device: 'sda' }],
      iommu: { firmwareTable: false },
    },
    findings: [
      'warning little-memory',
      'warning disk-slow',
      'warning iommu-off-in-firmware',
      'warning passthrough-impossible <- iommu-off-in-firmware',
      'advice copies-cost-space',
      ...working,
    ],
    minimum: ['memory', 'disk'],
    recommended: ['cores', 'memory', 'disk', 'graphics'],
  },
  'arm-board': {
    report: {
      cpu: {
        architecture: 'aarch64',
        vendor: 'ARM',
        model: 'Raspberry Pi 5 Model B Rev 1.0',
        virtualization: { extension: 'el2', secondGeneration: true, sev: null },
      },
      firmware: { kind: 'device-tree' },
      storage: [{ kind: 'mmc', device: 'mmcblk0' }],
      graphics: [{ address: null, driver: 'v3d', vendor: 'brcm', renderNode: '/dev/dri/renderD128' }],
      pciDevices: [],
    },
    findings: [
      'problem kvm-no-group ! kvm-group',
      'problem guests-emulated <- kvm-no-group',
      'problem vmm-missing',
      'problem helpers-missing',
      'warning disk-small',
      'advice disk-slow',
      'advice copies-cost-space',
      'advice kernel-too-old-for-venus',
      ...noVhost,
    ],
    minimum: ['disk'],
    recommended: ['cores', 'memory', 'disk', 'graphics'],
  },
  'arm-server': {
    report: {
      cpu: {
        architecture: 'aarch64',
        vendor: 'ARM',
        cores: 4,
        virtualization: { extension: 'el2', secondGeneration: true, sev: null, sgx: null, confidential: [] },
      },
      firmware: { kind: 'uefi' },
    },
    findings: ['advice single-graphics-card', ...working, 'good iommu-works'],
    minimum: [],
    recommended: ['cores', 'graphics'],
  },
  'server-numa-sev': {
    report: {
      cpu: {
        sockets: 2,
        numaNodes: 2,
        virtualization: { sev: true, sevSnp: true, confidential: ['sev', 'sev-es', 'sev-snp'] },
      },
      memory: {
        hugePages: [
          { sizeBytes: 2 ** 30, total: 64, free: 64 },
          { sizeBytes: 2 ** 21, total: 0, free: 0 },
        ],
        ksm: { running: true, savedBytes: 2 ** 30 },
      },
      dmi: { chassis: 'server' },
      iommu: { acsOverride: true, kernelArguments: ['pcie_acs_override=downstream,multifunction'] },
    },
    findings: ['warning memory-in-huge-pages', 'warning acs-override', ...working, 'good iommu-works'],
    minimum: ['?disk'],
    recommended: ['?disk'],
  },
  'old-pc': {
    report: {
      firmware: { kind: 'bios', secureBoot: false, rebootToSetup: null },
      storage: [{ kind: 'hdd' }],
    },
    findings: [
      'problem no-virtualization',
      'problem guests-emulated <- no-virtualization',
      'warning little-memory',
      'warning disk-slow',
      'advice copies-cost-space',
      'advice no-iommu <- no-virtualization',
      'advice passthrough-impossible <- no-iommu',
      ...noVhost,
    ],
    minimum: ['extensions', 'memory', 'disk'],
    recommended: ['second-generation', 'cores', 'memory', 'disk', 'graphics'],
  },
  'vtd-off': {
    report: {
      iommu: { enabled: false, firmwareTable: false, kernelArguments: ['intel_iommu=on'] },
      modules: expect.arrayContaining([{ name: 'vboxdrv', state: 'loaded' }]),
    },
    findings: [
      'warning disk-small',
      'warning iommu-off-in-firmware',
      'warning passthrough-impossible <- iommu-off-in-firmware',
      'advice virtualbox-beside-kvm',
      'advice copies-cost-space',
      'advice no-vhost-vsock ! vhost-modules',
      ...working,
    ],
    minimum: [],
    recommended: ['cores', 'disk', 'graphics'],
  },
  'svm-off': {
    report: { cpu: { virtualization: { extension: null } }, firmware: { kind: 'uefi' } },
    findings: [
      'problem virtualization-off-in-firmware',
      'problem guests-emulated <- virtualization-off-in-firmware',
      ...noVhost,
      'good iommu-works',
    ],
    minimum: ['extensions'],
    recommended: ['second-generation'],
  },
};

test.each(Object.entries(pcs))('%s', async (name, { report, findings, minimum, recommended }) => {
  using pc = recordedPc(name);
  const read = await pc.report();
  expect(Value.Check(HostReport, read)).toBe(true);
  expect(read).toMatchObject(report);
  const doctor = diagnose(read);
  expect(Value.Check(DoctorReport, doctor)).toBe(true);
  expect(doctor.findings.map(line)).toEqual(findings);
  expect(missed(doctor.tiers.minimum)).toEqual(minimum);
  expect(missed(doctor.tiers.recommended)).toEqual(recommended);
});

function line({ severity, id, causedBy, fix }: DoctorReport['findings'][number]): string {
  const causes = causedBy.length === 0 ? '' : ` <- ${causedBy.join(', ')}`;
  return `${severity} ${id}${causes}${fix === null ? '' : ` ! ${fix}`}`;
}

function missed({ requirements }: DoctorReport['tiers']['minimum']): string[] {
  return requirements.flatMap(({ id, met }) => (met === true ? [] : [met === null ? `?${id}` : id]));
}

test('a finding shows what was read, and steps in the words of the board', async () => {
  using pc = recordedPc('svm-off');
  const { findings } = diagnose(await pc.report());
  expect(findings[0]).toMatchObject({
    evidence: [
      { source: '/proc/cpuinfo', value: 'no flag vmx or svm' },
      { source: 'kernel module kvm', value: 'loaded' },
      { source: '/dev/kvm', value: 'does not exist' },
    ],
    next: [
      'Open the setup of the firmware: systemctl reboot --firmware-setup (or restart and press Del (then F2 for the advanced mode) again and again as soon as the screen lights up).',
      'Tweaker (older: M.I.T.) > Advanced CPU Settings > "SVM Mode": set it to Enabled.',
      expect.stringContaining('Save'),
      expect.stringContaining('phyllome doctor'),
    ],
  });
});

test('on Phyllome OS nothing is to be installed, loaded or written: the image has it, or the next one', async () => {
  using pc = recordedPc('phyllome-os');
  const read = await pc.report();
  const { findings } = diagnose(read);
  expect(findings.map(({ fix }) => fix)).toEqual(findings.map(() => null));
  const steps = (id: string): string => findings.find((found) => found.id === id)?.next.join('\n') ?? '';
  for (const id of ['helpers-missing', 'nested-off', 'no-vhost-net'])
    expect(steps(id)).toContain('phyllome os update');
  expect(steps('iommu-not-enabled')).toContain('restart without it');
  expect(findings.flatMap(({ next }) => next).join('\n')).not.toMatch(/sudo|apt|modprobe/);
  // The same PC with an ordinary Debian gets the steps of one.
  const ordinary = diagnose({ ...read, os: { ...read.os, image: null } }).findings;
  expect(ordinary.flatMap(({ fix }) => fix ?? [])).toEqual(['nested-kvm', 'vhost-modules']);
});

test('coarse groups name the neighbours of the card, and the price of an override', async () => {
  using pc = recordedPc('desktop-amd-coarse');
  const coarse = diagnose(await pc.report()).findings.find(({ id }) => id === 'coarse-groups');
  expect(coarse?.evidence).toEqual([
    {
      source: '/sys/kernel/iommu_groups/13/devices',
      value:
        '0000:02:00.0 1022:43d5 (xhci_hcd); 0000:02:00.1 1022:43c8 (ahci); 0000:04:00.0 10ec:8168 (r8169)',
    },
  ]);
  expect(coarse?.next.join(' ')).toContain('a guest could then attack the host');
});
