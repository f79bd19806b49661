// SPDX-License-Identifier: Apache-2.0
import type { HostReport } from '../../contract/host.ts';
import { hostArchitecture } from '../architecture.ts';
import { usableKinds } from '../confidential.ts';
import { numberIn, switchIn, type Tree } from '../tree.ts';

type Cpu = HostReport['cpu'];

/** The processors of this PC. Missing numbers are named in `notes`. */
export function readCpu(tree: Tree, notes: string[]): Cpu {
  const info = readCpuInfo(tree);
  const counts = countProcessors(tree, info);
  const model = info.first['model name'] ?? info.first['Model'] ?? info.first['uarch'] ?? modelOfDevice(tree);
  if (model === undefined)
    notes.push('The model of the processor could not be read: /proc/cpuinfo does not say.');
  if (counts.threads === null) notes.push('The number of processors could not be read.');
  return {
    architecture: architectureOf(tree, info),
    vendor: vendorOf(info.first),
    level: levelOf(info),
    model: model?.replaceAll(/\s+/g, ' ') ?? null,
    ...counts,
    numaNodes: countNodes(tree),
    virtualization: readVirtualization(tree, info),
  };
}

/** /proc/cpuinfo: the keys of the first processor, which speaks for all, and how many there are. */
export interface CpuInfo {
  first: Record<string, string>;
  flags: ReadonlySet<string>;
  processors: number;
  packages: number;
}

export function readCpuInfo(tree: Tree): CpuInfo {
  // A server with 1,000 threads has 1.6 MB of it.
  const text = tree.text('proc/cpuinfo', 8 * 1024 * 1024) ?? '';
  const first: Record<string, string> = {};
  // Keys behind the first block are those of arm boards, which name the board there.
  for (const [, key = '', value = ''] of text.matchAll(/^([^:\n]+?)[ \t]*:[ \t]*(.*)$/gm)) {
    if (!Object.hasOwn(first, key)) first[key] = value.trim();
  }
  const packages = new Set([...text.matchAll(/^physical id[ \t]*:[ \t]*(\d+)$/gm)].map(([, id]) => id));
  return {
    first,
    flags: new Set((first['flags'] ?? first['Features'] ?? '').split(/\s+/).filter((flag) => flag !== '')),
    processors: [...text.matchAll(/^processor[ \t]*:[ \t]*\d+$/gm)].length,
    packages: packages.size,
  };
}

// A recorded PC may be of another kind than the one that reads it: x86 shows "flags", arm "CPU architecture", riscv "isa".
function architectureOf(tree: Tree, { first }: CpuInfo): string | null {
  if (tree.root === '/') return hostArchitecture() ?? process.arch;
  if (first['flags'] !== undefined) return first['flags'].split(' ').includes('lm') ? 'x86_64' : 'i686';
  if (first['CPU architecture'] !== undefined) return first['CPU architecture'] === '8' ? 'aarch64' : 'arm';
  return first['isa'] === undefined ? null : 'riscv64';
}

// The levels of the x86-64 psABI, under the names that the kernel has for their flags.
const levels = [
  ['lm'],
  ['cx16', 'lahf_lm', 'popcnt', 'pni', 'sse4_1', 'sse4_2', 'ssse3'],
  ['avx', 'avx2', 'bmi1', 'bmi2', 'f16c', 'fma', 'abm', 'movbe', 'xsave'],
  ['avx512f', 'avx512bw', 'avx512cd', 'avx512dq', 'avx512vl'],
];

function levelOf({ flags }: CpuInfo): string | null {
  const missed = levels.findIndex((needed) => needed.some((flag) => !flags.has(flag)));
  const level = missed === -1 ? levels.length : missed;
  return level === 0 ? null : `x86-64-v${level}`;
}

const vendors: Readonly<Record<string, string>> = {
  GenuineIntel: 'Intel',
  AuthenticAMD: 'AMD',
  HygonGenuine: 'Hygon',
  CentaurHauls: 'Zhaoxin',
  '  Shanghai  ': 'Zhaoxin',
  Shanghai: 'Zhaoxin',
  // "CPU implementer" of arm, see arch/arm64/include/asm/cputype.h
  '0x41': 'ARM',
  '0x42': 'Broadcom',
  '0x43': 'Cavium',
  '0x46': 'Fujitsu',
  '0x48': 'HiSilicon',
  '0x4e': 'NVIDIA',
  '0x50': 'Ampere',
  '0x51': 'Qualcomm',
  '0x53': 'Samsung',
  '0x61': 'Apple',
  '0x6d': 'Microsoft',
  '0xc0': 'Ampere',
};

function vendorOf(first: CpuInfo['first']): string | null {
  const id = first['vendor_id'] ?? first['CPU implementer'] ?? first['mvendorid'];
  return id === undefined ? null : (vendors[id] ?? id);
}

function modelOfDevice(tree: Tree): string | undefined {
  return tree.text('proc/device-tree/model') ?? tree.text('sys/firmware/devicetree/base/model') ?? undefined;
}

function countProcessors(tree: Tree, info: CpuInfo): Pick<Cpu, 'cores' | 'threads' | 'sockets'> {
  const directory = 'sys/devices/system/cpu';
  const siblings: string[] = [];
  const packages = new Set<number>();
  for (const name of tree.list(directory).filter((each) => /^cpu\d+$/.test(each))) {
    // A processor that is switched off has a folder, but no topology.
    const topology = `${directory}/${name}/topology`;
    const list = tree.text(`${topology}/thread_siblings_list`) ?? tree.text(`${topology}/core_cpus_list`);
    if (list === null || list === '') continue;
    siblings.push(list);
    const id = numberIn(tree, `${topology}/physical_package_id`);
    // -1 where nobody knows, as on many arm boards.
    if (id !== null && id >= 0) packages.add(id);
  }
  if (siblings.length > 0) {
    const sockets = packages.size || info.packages || null;
    return { cores: new Set(siblings).size, threads: siblings.length, sockets };
  }
  if (info.processors === 0) return { cores: null, threads: null, sockets: null };
  const sockets = info.packages || null;
  const coresOfPackage = Number(info.first['cpu cores']);
  const cores = Number.isInteger(coresOfPackage) && sockets !== null ? coresOfPackage * sockets : null;
  return { cores, threads: info.processors, sockets };
}

function countNodes(tree: Tree): number | null {
  const nodes = tree.list('sys/devices/system/node').filter((name) => /^node\d+$/.test(name));
  return nodes.length === 0 ? null : nodes.length;
}

function readVirtualization(tree: Tree, { first, flags }: CpuInfo): Cpu['virtualization'] {
  const vmx = flags.has('vmx');
  const svm = flags.has('svm');
  // Kernels since 5.6 show what VMX can do in a line of its own.
  const vmxFlags = new Set((first['vmx flags'] ?? '').split(' '));
  const x86 = first['flags'] !== undefined;
  const arm = first['CPU architecture'] === '8';
  const parameter = (name: string): boolean | null =>
    switchIn(tree, `sys/module/kvm_intel/parameters/${name}`) ??
    switchIn(tree, `sys/module/kvm_amd/parameters/${name}`);
  const has = (flag: string): boolean | null => (x86 ? flags.has(flag) : null);
  const el2 = arm && tree.exists('dev/kvm');
  return {
    extension: vmx ? 'vmx' : svm ? 'svm' : el2 ? 'el2' : null,
    // ARM has stage 2 translation wherever it has EL2.
    secondGeneration: vmx
      ? flags.has('ept') || vmxFlags.has('ept')
      : svm
        ? flags.has('npt')
        : el2
          ? true
          : null,
    nested: parameter('nested'),
    sev: has('sev'),
    sevEs: has('sev_es'),
    sevSnp: has('sev_snp'),
    tdx: x86 ? flags.has('tdx_host_platform') || parameter('tdx') === true : null,
    sgx: has('sgx'),
    confidential: usableKinds(tree),
  };
}
