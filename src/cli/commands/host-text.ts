// SPDX-License-Identifier: Apache-2.0
//
// The report about this PC in words: sections of rows, and its devices as a table.
import type { GraphicsCard, HostReport } from '../../contract/host.ts';
import { plain, type Output } from '../terminal/output.ts';
import { textTable } from '../terminal/text-table.ts';
import { sizeText } from '../terminal/words.ts';

type Row = readonly [name: string, value: string];

export function hostLines(report: HostReport, { style }: Pick<Output, 'style'>): string[] {
  const { accelerators, graphicsPaths, pciDevices, usbDevices, network, tools, vmms, notes } = report;
  const section = (title: string, lines: string[]) =>
    lines.length === 0 ? [] : ['', style('bold', title), ...lines.map((line) => `  ${line}`)];
  return [
    ...section('This PC', rows(pcRows(report))).slice(1),
    ...section('Processor', rows(cpuRows(report))),
    ...section('Memory', rows(memoryRows(report))),
    ...section('Folders', rows(storageRows(report))),
    ...section(
      'How guests run',
      accelerators.map(({ architecture, accelerator, explanation }) =>
        plain(`${architecture}: ${accelerator}. ${explanation}`),
      ),
    ),
    ...section('Graphics cards', rows(report.graphics.map(cardRow))),
    ...section(
      'How guests can draw',
      rows(graphicsPaths.map(({ id, possible, reason }) => [`${id}: ${yes(possible)}`, reason])),
    ),
    ...section(
      'Network',
      table(
        ['NAME', 'KIND', 'SPEED', 'BRIDGE'],
        network
          .filter(({ kind }) => kind !== 'loopback')
          .map((each) => [
            each.name,
            each.kind,
            each.megabitsPerSecond === null
              ? each.up === true
                ? 'up'
                : 'down'
              : `${each.megabitsPerSecond} Mbit/s`,
            each.bridgeableReason ?? 'can be put into one',
          ]),
      ),
    ),
    ...section(
      `PCI devices${report.iommu.enabled ? ` in ${report.iommu.groups} IOMMU groups` : ' (no IOMMU groups)'}`,
      table(
        ['GROUP', 'ADDRESS', 'ID', 'DRIVER', 'DEVICE'],
        pciDevices
          .toSorted((a, b) => (a.iommuGroup ?? -1) - (b.iommuGroup ?? -1))
          .map((each) => [
            each.iommuGroup === null ? '-' : String(each.iommuGroup),
            each.address,
            `${each.vendorId ?? '?'}:${each.deviceId ?? '?'}`,
            each.driver ?? '-',
            nameOf([each.className, each.vendor, each.device]),
          ]),
      ),
    ),
    ...section(
      'USB devices',
      table(
        ['PORT', 'ID', 'DEVICE'],
        usbDevices.map((each) => [
          each.port,
          `${each.vendorId}:${each.productId}`,
          `${nameOf([each.vendor, each.product])}${each.hub ? ' (hub)' : ''}`,
        ]),
      ),
    ),
    ...section(
      'VMMs',
      rows(
        vmms
          .filter(({ path }) => path !== null)
          .map(({ program, version, features }) => [
            `${program} ${version ?? ''}`.trim(),
            features.join(', ') || '-',
          ]),
      ),
    ),
    ...section(
      'Tools',
      table(
        null,
        tools.map(({ name, version, path, install }) => [
          name,
          version ?? '-',
          path ?? `not installed; ${install ?? ''}`,
        ]),
      ),
    ),
    ...section('Notes', notes.map(plain)),
  ];
}

function pcRows({ dmi, firmware, virtualised, os, kernel, tpm, audio }: HostReport): Row[] {
  const made = [dmi.systemVendor, dmi.product].filter((part) => part !== null).join(' ');
  const board = [dmi.boardVendor, dmi.board].filter((part) => part !== null).join(' ');
  const secure = firmware.secureBoot === null ? '' : `, Secure Boot ${firmware.secureBoot ? 'on' : 'off'}`;
  const inside = [virtualised.hypervisor, virtualised.container].filter((part) => part !== null);
  return [
    ['Model', `${made || 'unknown'}${dmi.chassis === null ? '' : ` (${dmi.chassis})`}`],
    ...optional('Board', board),
    ...(inside.length === 0 ? [] : [['Runs inside', inside.join(', ')] as const]),
    [
      'Firmware',
      `${firmware.kind ?? 'unknown'}${detail([firmware.vendor, firmware.version, firmware.date])}${secure}`,
    ],
    ['TPM', tpm.present ? `version ${tpm.version ?? 'unknown'}` : 'none'],
    ['System', `${known(os.name)}, kernel ${known(kernel)}`],
    ...optional('Sound', audio.map(({ name }) => name).join(', ')),
  ];
}

function cpuRows({ cpu }: HostReport): Row[] {
  const { virtualization } = cpu;
  const shape = [
    `${known(cpu.cores)} cores`,
    `${known(cpu.threads)} threads`,
    ...((cpu.sockets ?? 1) > 1 ? [`${cpu.sockets} sockets`] : []),
    ...((cpu.numaNodes ?? 1) > 1 ? [`${cpu.numaNodes} NUMA nodes`] : []),
  ];
  const names = { vmx: ['VT-x', 'EPT'], svm: ['AMD-V', 'NPT'], el2: ['EL2', 'stage 2'] } as const;
  const found = virtualization.extension === null ? null : names[virtualization.extension];
  const extras = [
    ['SEV', virtualization.sev],
    ['SEV-ES', virtualization.sevEs],
    ['SEV-SNP', virtualization.sevSnp],
    ['TDX', virtualization.tdx],
    ['SGX', virtualization.sgx],
  ].flatMap(([name, has]) => (has === true ? [String(name)] : []));
  const second = virtualization.secondGeneration === true ? ` and ${found?.[1]}` : ` without ${found?.[1]}`;
  return [
    ['Model', `${known(cpu.model)} (${known(cpu.architecture)}), ${shape.join(', ')}`],
    ['Virtualisation', found === null ? 'none to be seen' : `${found[0]}${second}`],
    ...(virtualization.nested === null
      ? []
      : [['Guests in guests', virtualization.nested ? 'possible' : 'switched off'] as const]),
    ...optional('Confidential', extras.join(', ')),
  ];
}

function memoryRows({ memory }: HostReport): Row[] {
  const reserved = memory.hugePages.filter(({ total }) => total > 0);
  return [
    ['Total', `${size(memory.totalBytes)}, ${size(memory.availableBytes)} of it available`],
    ...(memory.limitBytes === null ? [] : [['Limit', size(memory.limitBytes)] as const]),
    ...optional(
      'Huge pages',
      reserved
        .map(({ sizeBytes, total, free }) => `${total} of ${size(sizeBytes)} (${free} free)`)
        .join(', '),
    ),
    ...(memory.ksm.running === true ? [['Merged (KSM)', size(memory.ksm.savedBytes)] as const] : []),
    ['Swap', memory.swap.map(({ kind, sizeBytes }) => `${size(sizeBytes)} ${kind}`).join(', ') || 'none'],
  ];
}

function storageRows({ storage }: HostReport): Row[] {
  return storage.map((each) => {
    const traits = [
      each.kind ?? 'unknown disk',
      each.filesystem ?? 'unknown file system',
      ...(each.encrypted === true ? ['encrypted'] : []),
      ...(each.reflink === true ? ['copies cost nothing'] : []),
      ...(each.readOnly === true ? ['read-only'] : []),
    ];
    return [
      each.purpose,
      `${each.path}: ${traits.join(', ')}, ${size(each.freeBytes)} free of ${size(each.totalBytes)}`,
    ];
  });
}

function cardRow(card: GraphicsCard): Row {
  const traits = [
    `driver ${card.driver ?? 'none'}`,
    ...(card.bootVga === true ? ['shows the picture of the firmware'] : []),
    ...(card.renderNode === null ? [] : [card.renderNode]),
    ...(card.connectors.length === 0 ? [] : [`monitor at ${card.connectors.join(', ')}`]),
    ...(card.sriov === null ? [] : [`SR-IOV ${card.sriov.enabled} of ${card.sriov.total}`]),
    ...(card.mdevTypes.length === 0 ? [] : [`${card.mdevTypes.length} kinds of vfio-mdev`]),
    ...(card.iommuGroup === null ? [] : [`IOMMU group ${card.iommuGroup}`]),
  ];
  const name = nameOf([card.vendor, card.device]) || `${card.vendorId ?? '?'}:${card.deviceId ?? '?'}`;
  return [card.address ?? 'on the board', `${name}; ${traits.join(', ')}`];
}

const nameOf = (parts: readonly (string | null)[]): string => parts.filter((part) => part !== null).join(' ');
const optional = (name: string, value: string): Row[] => (value === '' ? [] : [[name, value]]);
const known = (value: string | number | null): string => String(value ?? 'unknown');
const size = (bytes: number | null): string => (bytes === null ? 'unknown' : sizeText(bytes));
const yes = (value: boolean | null): string => (value === null ? 'unknown' : value ? 'yes' : 'no');

function detail(parts: readonly (string | null)[]): string {
  const text = parts.filter((part) => part !== null).join(' ');
  return text === '' ? '' : `, ${text}`;
}

const rows = (pairs: readonly Row[]): string[] => table(null, pairs);

function table(titles: readonly string[] | null, cells: readonly (readonly string[])[]): string[] {
  if (cells.length === 0) return [];
  const columns = (titles ?? cells[0] ?? []).map((title) => ({ title: titles === null ? '' : title }));
  const lines = textTable(
    columns,
    cells.map((row) => row.map(plain)),
  );
  return titles === null ? lines.slice(1) : lines;
}
