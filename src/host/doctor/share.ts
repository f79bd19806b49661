// SPDX-License-Identifier: Apache-2.0
//
// A report that can be shown to strangers: without names of people and PCs, addresses, serial numbers and paths of homes.
// Only free text is touched. The doctor then looks at what is left, so its findings cannot tell more.
import { isIPv4, isIPv6 } from 'node:net';
import { HostReport } from '../../contract/host.ts';
import type { DoctorReport } from '../../contract/doctor.ts';
import type { Tree } from '../tree.ts';
import { diagnose } from './diagnose.ts';

/** Names that must not be told: of this PC, and of people with an account or a home on it. */
export function privateNames(tree: Tree): string[] {
  const hosts = [
    tree.text('proc/sys/kernel/hostname'),
    tree.text('proc/sys/kernel/domainname'),
    tree.text('etc/hostname'),
    ...(tree.text('etc/hosts') ?? '')
      .split('\n')
      .filter((line) => /^(?:127\.0\.1\.1|\d+\.\d+\.\d+\.\d+)\s/.test(line))
      .flatMap((line) => line.replace(/#.*/, '').split(/\s+/).slice(1)),
  ];
  const people = (tree.text('etc/passwd', 4 * 1024 * 1024) ?? '').split('\n').flatMap((line) => {
    const [name = '', , uid = '', , comment = '', home = ''] = line.split(':');
    // Accounts below 1000 belong to the system; 65534 is nobody.
    if (!/^\d+$/.test(uid) || Number(uid) < 1000 || Number(uid) === 65_534) return [];
    return [name, comment.split(',')[0] ?? '', home.slice(home.lastIndexOf('/') + 1)];
  });
  const all = [...hosts, ...people, ...tree.list('home')].filter((name) => name !== null);
  // The short form of a full name as well: pc.example.org, pc.
  const names = new Set(all.flatMap((name) => [name, name.split('.')[0] ?? '']).map((name) => name.trim()));
  return [...names].filter((name) => name.length >= 2 && !/^(?:localhost|\(none\)|root|linux)$/i.test(name));
}

/** The report and what the doctor says about it, without anything in `names` and without addresses and numbers. */
export function shareable(
  report: HostReport,
  names: readonly string[],
): { host: HostReport; doctor: DoctorReport } {
  const cleaned = clean(
    HostReport as unknown as Node,
    withoutStructure(report),
    cleaner(names),
  ) as HostReport;
  return { host: cleaned, doctor: diagnose(cleaned) };
}

// What names a person, or was named by one, as a whole.
function withoutStructure(report: HostReport): HostReport {
  const names = new Map(
    report.network.map(({ name, kind }, index) => [name, name === 'lo' ? name : `${kind}-${index}`]),
  );
  return {
    ...report,
    // Groups can be named after people or firms: only those that a check asks for matter.
    session: {
      ...report.session,
      user: null,
      groups: report.session.groups.filter((group) => usualGroups.has(group)),
      groupsOnPaper: report.session.groupsOnPaper.filter((group) => usualGroups.has(group)),
    },
    devices: report.devices.map((device) => ({
      ...device,
      group: device.group === null || usualGroups.has(device.group) ? device.group : 'another group',
    })),
    storage: report.storage.map((each) => ({
      ...each,
      path: `<folder of ${each.purpose}>`,
      mountPoint:
        each.mountPoint === null || usualMounts.has(each.mountPoint) ? each.mountPoint : '<mount point>',
    })),
    memory: {
      ...report.memory,
      swap: report.memory.swap.map((each) => ({ ...each, path: `<${each.kind}>` })),
    },
    network: report.network.map((each) => ({
      ...each,
      name: names.get(each.name) ?? each.name,
      bridge: each.bridge === null ? null : (names.get(each.bridge) ?? '<bridge>'),
      bridgeableReason: each.bridge === null ? each.bridgeableReason : 'It is already part of a bridge.',
    })),
    // What a device calls itself may hold the name of its owner ("Anna's phone") or a serial number.
    usbDevices: report.usbDevices.map((each) => ({ ...each, vendor: null, product: null })),
  };
}

const usualGroups = new Set([
  'root',
  'kvm',
  'libvirt',
  'qemu',
  'video',
  'render',
  'disk',
  'input',
  'tty',
  'sudo',
  'wheel',
  'docker',
]);
const usualMounts = new Set(['/', '/home', '/var', '/var/home', '/srv', '/data', '/tmp']);

type Clean = (text: string) => string;

function cleaner(names: readonly string[]): Clean {
  // Longest first, so that no name leaves the rest of a longer one behind.
  const escaped = names
    .toSorted((a, b) => b.length - a.length)
    .map((name) => {
      const pattern = name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
      // Short ones only as words of their own: "pc" is a part of too many.
      return name.length >= 4 ? pattern : String.raw`(?<![\p{L}\p{N}])${pattern}(?![\p{L}\p{N}])`;
    });
  const known = escaped.length === 0 ? null : new RegExp(escaped.join('|'), 'giu');
  return (text) => {
    const without = text
      .replaceAll(/(?:\/var)?\/home\/[^/\s:;,'"]+/g, '/home/<user>')
      .replaceAll(/\/run\/user\/\d+/g, '/run/user/<uid>')
      .replaceAll(/[\w.+-]+@[\w-]+\.[\w.-]+/g, '<mail>')
      .replaceAll(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<uuid>')
      .replaceAll(/(?<![0-9a-f])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![0-9a-f:])/gi, '<mac>')
      .replaceAll(/\b(?:en|wl|ww)x[0-9a-f]{12}\b/gi, '<interface>')
      .replaceAll(/\b[0-9a-f]{16,}\b/gi, '<number>')
      .replaceAll(/[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*|\d+\.\d+\.\d+\.\d+/gi, (word) =>
        isIPv4(word) || isIPv6(word) ? '<address>' : word,
      );
    return known === null ? without : without.replaceAll(known, '<name>');
  };
}

// The part of JSON Schema that the report is made of.
interface Node {
  type?: string;
  enum?: readonly string[];
  anyOf?: readonly Node[];
  properties?: Readonly<Record<string, Node>>;
  items?: Node;
}

// Texts with a closed list of values are ours and stay: they are what the doctor decides by.
function clean(schema: Node, value: unknown, scrub: Clean): unknown {
  if (schema.anyOf !== undefined) {
    const branch = schema.anyOf.find(({ type }) => (type === 'null') === (value === null));
    return branch === undefined ? value : clean(branch, value, scrub);
  }
  if (typeof value === 'string') return schema.enum === undefined ? scrub(value) : value;
  if (Array.isArray(value)) return value.map((item) => clean(schema.items ?? {}, item, scrub));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, clean(schema.properties?.[key] ?? {}, item, scrub)]),
  );
}
