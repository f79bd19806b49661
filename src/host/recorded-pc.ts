// SPDX-License-Identifier: Apache-2.0
//
// PCs for tests, each a text file (fixtures/pcs/*.pc) that is unpacked to a folder laid out as the kernel lays out /proc
// and /sys. A line is one of
//
//   path = content          path -> target of a link          path/   (a folder)          path =hex bytes
//   [path]                  followed by the lines of the file, up to the next empty line that a command or path follows
//   cpu, mem, pci, net, disk, device, program, @...           what would otherwise be dozens of lines: see below
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import type { AcceleratorReason, AcceleratorVerdict, HostReport } from '../contract/host.ts';
import type { Architecture } from '../contract/machine.ts';
import { hostReport } from './host-report.ts';
import type { NodeFacts } from './readers/device-nodes.ts';

export interface RecordedPc extends Disposable {
  root: string;
  report(): Promise<HostReport>;
}

interface Living {
  nodes: Map<string, NodeFacts>;
  kvm: { reason: AcceleratorReason; message: string; architecture: Architecture } | null;
  space: { totalBytes: number; freeBytes: number } | null;
  folder: string;
}

/** Unpacks a PC of fixtures/pcs. */
export function recordedPc(name: string): RecordedPc {
  return unpack(readFileSync(join(import.meta.dirname, 'fixtures/pcs', `${name}.pc`), 'utf8'));
}

export function unpack(text: string): RecordedPc {
  const root = mkdtempSync(join(tmpdir(), 'pc-'));
  const living: Living = {
    nodes: new Map(),
    kvm: null,
    space: null,
    folder: '/home/anna/.local/share/phyllome',
  };
  try {
    unpackInto(writer(root), living, text);
  } catch (error) {
    rmSync(root, { recursive: true, force: true });
    throw error;
  }
  return {
    root,
    report: () =>
      hostReport('/nonexistent', root, [{ purpose: 'machines', path: living.folder }], probesOf(living)),
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}

function probesOf(living: Living) {
  return {
    folders: { space: () => Promise.resolve(living.space), reflink: () => Promise.resolve(null) },
    inspectNode: (_: string, path: string) => living.nodes.get(path) ?? null,
    accelerators: () => Promise.resolve(living.kvm === null ? [] : [verdict(living.kvm)]),
  };
}

function verdict({ reason, message, architecture }: NonNullable<Living['kvm']>): AcceleratorVerdict {
  return {
    architecture,
    accelerator: reason === 'kvm-works' ? 'kvm' : 'tcg',
    reason,
    explanation: message === '' ? reason : message,
    evidence: {
      steps: [],
      missing: null,
      exitCode: null,
      signal: null,
      messages: message === '' ? [] : [message],
      milliseconds: 1,
    },
    probedAt: '2026-11-23T07:00:00.000Z',
  };
}

interface Writer {
  file(path: string, content: string, mode?: number): void;
  bytes(path: string, content: Buffer): void;
  link(path: string, target: string): void;
  folder(path: string): void;
}

function writer(root: string): Writer {
  const made = new Set<string>();
  const folder = (path: string): void => {
    if (made.has(path)) return;
    mkdirSync(path, { recursive: true });
    made.add(path);
  };
  const at = (path: string): string => {
    const file = join(root, path);
    folder(dirname(file));
    return file;
  };
  return {
    file(path, content, mode) {
      writeFileSync(at(path), content.endsWith('\n') || content === '' ? content : `${content}\n`);
      if (mode !== undefined) chmodSync(join(root, path), mode);
    },
    bytes: (path, content) => writeFileSync(at(path), content),
    link: (path, target) => symlinkSync(target, at(path)),
    folder: (path) => folder(join(root, path)),
  };
}

function unpackInto(write: Writer, living: Living, text: string): void {
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (line === '' || line.startsWith('#')) continue;
    const block = /^\[(.+)\]$/.exec(line)?.[1];
    if (block !== undefined) {
      const content: string[] = [];
      while (index + 1 < lines.length && lines[index + 1] !== '') content.push(lines[(index += 1)] ?? '');
      write.file(block, content.join('\n'));
      continue;
    }
    const [, path = '', sign, value = ''] = /^(\S+) (=hex|=|->) ?(.*)$/.exec(line) ?? [];
    if (sign === '=') write.file(path, value);
    else if (sign === '=hex') write.bytes(path, Buffer.from(value.replaceAll(' ', ''), 'hex'));
    else if (sign === '->') write.link(path, value);
    else if (/^\S+\/$/.test(line)) write.folder(line);
    else command(write, living, line);
  }
}

// Words, some of them key=value; quotes hold words together.
function split(line: string): { words: string[]; options: Record<string, string> } {
  const parts = line.match(/(?:[^\s"]|"[^"]*")+/g) ?? [];
  const words: string[] = [];
  const options: Record<string, string> = {};
  for (const part of parts) {
    const [, key, value] = /^([a-z_]+)=(.*)$/.exec(part) ?? [];
    if (key === undefined) words.push(part.replaceAll('"', ''));
    else options[key] = (value ?? '').replaceAll('"', '');
  }
  return { words, options };
}

function command(write: Writer, living: Living, line: string): void {
  const { words, options } = split(line);
  const [verb = '', first = '', second = '', third = ''] = words;
  switch (verb) {
    case 'cpu':
      return cpu(write, options);
    case 'mem':
      return write.file(
        'proc/meminfo',
        `MemTotal:       ${first} kB\nMemFree:        1000 kB\nMemAvailable:   ${second} kB`,
      );
    case 'pci':
      return pci(write, { address: first, ids: second, classCode: third }, options);
    case 'net':
      return net(write, first, second, options);
    case 'disk':
      return disk(write, first, second, options);
    case 'device':
      living.nodes.set(first, {
        mode: Number.parseInt(second, 8),
        gid: Number(third),
        errorCode: options['error'] ?? null,
      });
      return write.file(first.slice(1), '');
    case 'program':
      return program(write, first, second, words.slice(3));
    case '@kvm':
      return void (living.kvm = {
        reason: `kvm-${first}` as AcceleratorReason,
        message: second,
        architecture: (options['on'] ?? 'x86_64') as Architecture,
      });
    case '@space':
      return void (living.space = { totalBytes: Number(first) * 1e9, freeBytes: Number(second) * 1e9 });
    case '@folder':
      return void (living.folder = first);
    default:
      throw new Error(`not understood: ${line}`);
  }
}

function cpu(write: Writer, options: Record<string, string>): void {
  const {
    vendor = 'GenuineIntel',
    model = '',
    cores = '1',
    threads = cores,
    sockets = '1',
    nodes = '1',
    flags = '',
  } = options;
  const count = Number(threads);
  const perSocket = Number(cores) / Number(sockets);
  const blocks = Array.from({ length: count }, (_, index) => {
    const core = index % Number(cores);
    const socket = Math.floor(core / perSocket);
    const topology = `sys/devices/system/cpu/cpu${index}/topology`;
    const siblings = Array.from({ length: count / Number(cores) }, (__, each) => core + each * Number(cores));
    write.file(`${topology}/thread_siblings_list`, siblings.join(','));
    write.file(`${topology}/physical_package_id`, String(socket));
    write.file(`${topology}/core_id`, String(core % perSocket));
    return [
      `processor\t: ${index}`,
      `vendor_id\t: ${vendor}`,
      `model name\t: ${model}`,
      `physical id\t: ${socket}`,
      `siblings\t: ${count / Number(sockets)}`,
      `core id\t\t: ${core % perSocket}`,
      `cpu cores\t: ${perSocket}`,
      `flags\t\t: fpu lm ${flags}`,
      'power management:',
      '',
    ].join('\n');
  });
  write.file('proc/cpuinfo', blocks.join('\n'));
  for (let node = 0; node < Number(nodes); node += 1)
    write.file(`sys/devices/system/node/node${node}/cpulist`, '0');
}

function linkTo(write: Writer, path: string, target: string): void {
  write.link(path, relative(dirname(path), target));
}

// pci ADDRESS VENDOR:DEVICE CLASS [driver=] [group=] [under=/ADDRESS/ADDRESS] [attribute=value ...]
function pci(
  write: Writer,
  { address, ids, classCode }: Record<'address' | 'ids' | 'classCode', string>,
  { driver, group, under = '', physfn, ...attributes }: Record<string, string>,
): void {
  const [vendor = '', device = ''] = ids.split(':');
  // The first bridge is on the bus that the folder is named after.
  const path = `sys/devices/pci${(under.split('/')[1] ?? address).slice(0, 7)}${under}/${address}`;
  const files = {
    vendor: `0x${vendor}`,
    device: `0x${device}`,
    class: `0x${classCode}`,
    numa_node: '-1',
    ...attributes,
  };
  for (const [name, value] of Object.entries(files)) write.file(`${path}/${name}`, value);
  linkTo(write, `sys/bus/pci/devices/${address}`, path);
  linkTo(write, `${path}/subsystem`, 'sys/bus/pci');
  if (driver !== undefined) {
    write.folder(`sys/bus/pci/drivers/${driver}`);
    linkTo(write, `${path}/driver`, `sys/bus/pci/drivers/${driver}`);
  }
  if (physfn !== undefined) linkTo(write, `${path}/physfn`, `${dirname(path)}/${physfn}`);
  if (group === undefined) return;
  linkTo(write, `sys/kernel/iommu_groups/${group}/devices/${address}`, path);
  linkTo(write, `${path}/iommu_group`, `sys/kernel/iommu_groups/${group}`);
}

// net NAME KIND [at=PATH of its device below sys/devices] [driver=] [speed=] [up=1] [master=]
function net(
  write: Writer,
  name: string,
  kind: string,
  { at, driver, speed, up, master }: Record<string, string>,
): void {
  const parent = at === undefined ? 'sys/devices/virtual' : `sys/devices/${at}`;
  const path = `${parent}/net/${name}`;
  write.file(`${path}/type`, kind === 'loopback' ? '772' : '1');
  write.file(`${path}/ifindex`, '1');
  const type = { wireless: 'wlan', bridge: 'bridge', mobile: 'wwan' }[kind];
  write.file(`${path}/uevent`, `${type === undefined ? '' : `DEVTYPE=${type}\n`}INTERFACE=${name}`);
  write.file(`${path}/address`, '52:54:00:ab:cd:ef');
  if (up !== undefined) write.file(`${path}/carrier`, up);
  if (speed !== undefined) write.file(`${path}/speed`, speed);
  if (kind === 'bridge') write.folder(`${path}/bridge`);
  if (kind === 'tap') write.file(`${path}/tun_flags`, '0x1002');
  if (at !== undefined) linkTo(write, `${path}/device`, parent);
  if (driver !== undefined && at !== undefined && !at.includes('/0000:')) {
    write.folder(`sys/bus/usb/drivers/${driver}`);
    linkTo(write, `${parent}/driver`, `sys/bus/usb/drivers/${driver}`);
  }
  if (master !== undefined) linkTo(write, `${path}/master`, `sys/devices/virtual/net/${master}`);
  linkTo(write, `sys/class/net/${name}`, path);
}

// disk NAME NUMBER [rotational=] [model=] [parts=count] [vendor=] [slaves=NAME] [dm=NAME] [uuid=]
function disk(
  write: Writer,
  name: string,
  number: string,
  { rotational = '0', model, vendor, parts = '0', slaves, dm, uuid }: Record<string, string>,
): void {
  const virtual = dm !== undefined;
  const path = virtual
    ? `sys/devices/virtual/block/${name}`
    : `sys/devices/pci0000:00/0000:00:17.0/block/${name}`;
  const [major = '', minor = ''] = number.split(':');
  const add = (own: string, at: string, dev: string) => {
    write.file(`${at}/dev`, dev);
    linkTo(write, `sys/class/block/${own}`, at);
    linkTo(write, `sys/dev/block/${dev}`, at);
  };
  add(name, path, number);
  write.file(`${path}/queue/rotational`, rotational);
  if (model !== undefined) write.file(`${path}/device/model`, model);
  if (vendor !== undefined) write.file(`${path}/device/vendor`, vendor);
  if (virtual) write.file(`${path}/dm/name`, dm);
  if (uuid !== undefined) write.file(`${path}/dm/uuid`, uuid);
  for (let part = 1; part <= Number(parts); part += 1) {
    const own = `${name}${/\d$/.test(name) ? 'p' : ''}${part}`;
    write.file(`${path}/${own}/partition`, String(part));
    add(own, `${path}/${own}`, `${major}:${Number(minor) + part}`);
  }
  if (slaves !== undefined) {
    const disks = slaves.replace(/p?\d+$/, '');
    const whole = /^(?:nvme\d+n\d+|mmcblk\d+)/.exec(slaves)?.[0] ?? disks;
    linkTo(write, `${path}/slaves/${slaves}`, `sys/devices/pci0000:00/0000:00:17.0/block/${whole}/${slaves}`);
  }
}

// program NAME VERSION [feature ...]: answers like the real one.
function program(write: Writer, name: string, version: string, features: readonly string[]): void {
  const devices = ['virtio-gpu-pci', ...features].map((feature) => `name "${feature}", bus PCI`).join('\\n');
  const script = `#!/bin/sh
case "$*" in
  --version|version) echo "${name} version ${version}" ;;
  "-accel help") printf 'Accelerators supported in QEMU binary:\\ntcg\\nkvm\\n' ;;
  "-device help") printf '${devices}\\n' ;;
  *virtio-gpu-gl-pci,help) printf '  blob=<bool>\\n${features
    .filter((each) => each.includes('_') || each === 'venus')
    .map((each) => `  ${each}=<bool>\\n`)
    .join('')}' ;;
esac
`;
  write.file(`usr/bin/${name}`, script, 0o755);
}
