// SPDX-License-Identifier: Apache-2.0
//
// The two kinds of PC that Phyllome is made for: that on which it works, and that on which it is a pleasure.
import type { DoctorReport, Requirement, Tier } from '../../contract/doctor.ts';
import type { HostReport } from '../../contract/host.ts';
import { deviceOf, ownVerdict } from './finding.ts';
import { cardsUnseen, divisible, realCards } from './graphics.ts';
import { gibibytes, hasMemory, usableMemory } from './size.ts';

export function judgeTiers(report: HostReport): DoctorReport['tiers'] {
  const { cpu } = report;
  const cores = cpu.cores ?? null;
  const memory = usableMemory(report);
  const disk = report.storage.find(({ purpose }) => purpose === 'machines')?.kind ?? null;
  const cards = realCards(report);
  const coresFound = cores === null ? 'unknown' : `${cores} ${cores === 1 ? 'core' : 'cores'}`;
  const memoryFound = memory === null ? 'unknown' : gibibytes(memory);
  const enough = (gigabytes: number) => (memory === null ? null : hasMemory(memory, gigabytes));
  return {
    minimum: tier([
      {
        id: 'extensions',
        text: 'virtualisation of the processor, switched on',
        met: extensions(report),
        found: extensionsFound(report),
      },
      { id: 'cores', text: '2 cores', met: cores === null ? null : cores >= 2, found: coresFound },
      { id: 'memory', text: '8 GB of memory', met: enough(8), found: memoryFound },
      { id: 'disk', text: 'an SSD', met: diskIs(disk, ['ssd', 'nvme']), found: diskFound(disk) },
      {
        id: 'graphics',
        text: 'a graphics card',
        met: cardsUnseen(report) ? null : report.graphics.length > 0,
        found: cardsFound(report),
      },
    ]),
    recommended: tier([
      {
        id: 'second-generation',
        text: 'virtualisation of the second generation (EPT or NPT)',
        met: extensions(report) === false ? false : cpu.virtualization.secondGeneration,
        found: secondFound(report),
      },
      { id: 'cores', text: '8 cores', met: cores === null ? null : cores >= 8, found: coresFound },
      { id: 'memory', text: '16 GB of memory', met: enough(16), found: memoryFound },
      { id: 'disk', text: 'an NVMe disk', met: diskIs(disk, ['nvme']), found: diskFound(disk) },
      {
        id: 'graphics',
        text: 'two graphics cards, or one that can be divided (vfio-mdev, SR-IOV)',
        met: cardsUnseen(report) ? null : cards.length >= 2 || cards.some(divisible),
        found: cardsFound(report),
      },
    ]),
  };
}

function tier(requirements: Requirement[]): Tier {
  const met = requirements.some((each) => each.met === false)
    ? false
    : requirements.every((each) => each.met === true)
      ? true
      : null;
  return { met, requirements };
}

// Judged by effect where a guest was tried; the flag of the processor says that the firmware allows it.
function extensions(report: HostReport): boolean | null {
  const verdict = ownVerdict(report);
  if (verdict?.accelerator === 'kvm') return true;
  if (report.cpu.virtualization.extension !== null) return true;
  if (deviceOf(report, '/dev/kvm')?.usable === true && verdict === undefined) return null;
  return report.cpu.architecture === null || report.cpu.model === null ? null : false;
}

function extensionsFound(report: HostReport): string {
  const { extension } = report.cpu.virtualization;
  if (extension !== null) return { vmx: 'VT-x', svm: 'AMD-V', el2: 'EL2' }[extension];
  return extensions(report) === null
    ? 'unknown'
    : extensions(report) === true
      ? 'KVM works'
      : 'none to be seen';
}

function secondFound({ cpu: { virtualization } }: HostReport): string {
  if (virtualization.secondGeneration === null)
    return virtualization.extension === null ? 'none to be seen' : 'unknown';
  const name = { vmx: 'EPT', svm: 'NPT', el2: 'stage 2' }[virtualization.extension ?? 'el2'];
  return virtualization.secondGeneration ? name : `no ${name}`;
}

type Kind = HostReport['storage'][number]['kind'];

// Nobody knows what is behind the disk of a virtual machine or of another PC.
function diskIs(kind: Kind, wanted: readonly Kind[]): boolean | null {
  return kind === null || kind === 'virtual' || kind === 'network' ? null : wanted.includes(kind);
}

function diskFound(kind: Kind): string {
  const names = {
    nvme: 'NVMe',
    ssd: 'SSD',
    hdd: 'hard disk',
    mmc: 'memory card or eMMC',
    virtual: 'the disk of a virtual machine',
    network: 'a disk of another PC',
    memory: 'no disk, but memory',
  };
  return kind === null ? 'unknown' : names[kind];
}

function cardsFound(report: HostReport): string {
  if (cardsUnseen(report)) return 'unknown';
  const real = realCards(report);
  if (report.graphics.length === 0) return 'none';
  if (real.length === 0) return 'a virtual one';
  const count = real.length === 1 ? 'one' : String(real.length);
  return real.some(divisible) ? `${count}, can be divided` : count;
}
