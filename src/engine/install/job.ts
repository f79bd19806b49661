// SPDX-License-Identifier: Apache-2.0
//
// How a medium is installed without a person: in which format it takes its answers, and whether its kernel has to be
// started by us so that it sees them.
import type { answerFormats, Identified, Unattended } from '../../contract/catalog.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import type { Medium } from '../medium.ts';
import type { InstallerFiles } from './answers-folder.ts';

export type AnswerFormat = (typeof answerFormats)[number];

/** A kernel that is still on its medium. */
export interface KernelOnMedium {
  medium: string;
  /** Paths on the medium */
  kernel: string;
  initrd: string;
  commandLine: string;
}

export interface InstallJob {
  format: AnswerFormat;
  unattended: Unattended;
  /** Name of the system, for people */
  system: string;
  /** Started by us where the answers need it; null: the firmware starts what is in the drive or on the disk */
  installer: InstallerFiles | KernelOnMedium | null;
}

type Paths = Omit<KernelOnMedium, 'medium'>;

// Where installers have their kernel, where the catalogue does not say it. Facts of the media themselves; the label is
// needed by those that look for the rest of themselves on a medium of that name.
const kernels: Partial<Record<AnswerFormat, (label: string, arm: boolean) => Paths>> = {
  preseed: (_label, arm) => {
    const folder = arm ? 'install.a64' : 'install.amd';
    return { kernel: `${folder}/vmlinuz`, initrd: `${folder}/initrd.gz`, commandLine: '' };
  },
  autoinstall: () => ({ kernel: 'casper/vmlinuz', initrd: 'casper/initrd', commandLine: '' }),
  kickstart: (label) => ({
    kernel: 'images/pxeboot/vmlinuz',
    initrd: 'images/pxeboot/initrd.img',
    commandLine: `inst.stage2=hd:LABEL=${label.replaceAll(' ', '\\x20')}`,
  }),
  autoyast: (_label, arm) => {
    const folder = arm ? 'boot/aarch64' : 'boot/x86_64/loader';
    return { kernel: `${folder}/linux`, initrd: `${folder}/initrd`, commandLine: '' };
  },
  agama: (label) => ({
    kernel: 'boot/x86_64/loader/linux',
    initrd: 'boot/x86_64/loader/initrd',
    commandLine: `root=live:CDLABEL=${label}`,
  }),
};

/** Of a file that its user has. @throws PhyllomeError `unattended-unknown` */
export async function jobForFile(
  unattended: Unattended,
  medium: Medium,
  identify: (file: string) => Promise<Identified>,
): Promise<InstallJob> {
  switch (medium.use) {
    case 'install': {
      const found = await identify(medium.file);
      const { name: system, unattended: format } = found;
      if (format === null) throw unknown(medium.file, whyNot(found));
      return { format, unattended, system, installer: kernelOn(medium.file, format, found) };
    }
    case 'copy-disk': {
      const { name, confidence } = await identify(medium.source.file);
      return {
        format: 'cloud-init',
        unattended,
        system: confidence === 'none' ? 'The system' : name,
        installer: null,
      };
    }
    case 'use-disk':
      throw unknown(medium.file, 'a disk that is used in place belongs to a system that is there already');
  }
}

/** @param paths what the catalogue says; left out: where such media usually have it */
export function kernelOn(
  medium: string,
  format: AnswerFormat,
  { facts, architecture }: Pick<Identified, 'facts' | 'architecture'>,
  paths?: Paths,
): KernelOnMedium | null {
  const found = paths ?? kernels[format]?.(facts['volume'] ?? '', architecture === 'aarch64');
  return found === undefined ? null : { medium, ...found };
}

function whyNot({ kind, name, confidence }: Identified): string {
  if (confidence === 'none') return 'it was not recognised';
  if (kind !== 'installer') return `it is ${name}, and no installer`;
  return `for ${name} no way is known`;
}

function unknown(what: string, reason: string): PhyllomeError {
  return new PhyllomeError('unattended-unknown', { what, reason });
}
