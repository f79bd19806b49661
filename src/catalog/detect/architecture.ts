// SPDX-License-Identifier: Apache-2.0
import type { Architecture } from '../../contract/machine.ts';

/** What a label calls a processor. Machines exist for three of them; PCs run the 32-bit systems, too. */
const words: readonly { name: string; machine: Architecture | null; words: RegExp }[] = [
  { name: 'aarch64', machine: 'aarch64', words: /(?<![a-z0-9])(aarch64|arm64|a64(?=fre|chk))/i },
  { name: 'riscv64', machine: 'riscv64', words: /(?<![a-z0-9])riscv(64)?(?![a-z])/i },
  { name: 'x86_64', machine: 'x86_64', words: /(?<![a-z0-9])(x86[_-]?64|amd64|x64|64-?bit|x86_6$|x86_$)/i },
  { name: 'x86', machine: 'x86_64', words: /(?<![a-z0-9])([xi][3-6]?86(?![_-]?6)|32-?bit|ia-?32)/i },
  { name: 'ppc64le', machine: null, words: /(?<![a-z0-9])(ppc64(le|el)|p64el|powerpc64le)/i },
  { name: 'ppc', machine: null, words: /(?<![a-z0-9])(ppc(64)?|powerpc(64|spe)?)(?![a-z])/i },
  { name: 's390x', machine: null, words: /(?<![a-z0-9])s390x?/i },
  { name: 'arm', machine: null, words: /(?<![a-z0-9])(armhf?p?|armel|armv[67]l?|arm)(?![a-z0-9])/i },
  { name: 'loongarch64', machine: null, words: /(?<![a-z0-9])loong(arch)?64/i },
  { name: 'ia64', machine: null, words: /(?<![a-z0-9])(ia64(?![a-z])|CR0SPI\d_|GRMSIAI)/i },
  { name: 'sparc', machine: null, words: /(?<![a-z0-9])(sparc(64)?|sun4u)(?![a-z])/i },
  { name: 'mips', machine: null, words: /(?<![a-z0-9])mips(64)?(el)?(?![a-z])/i },
  { name: 'alpha', machine: null, words: /(?<![a-z0-9])(alpha(?=$| \d)|hppa|m68k|vax)/i },
];

// Programs that firmware starts by itself (UEFI Specification, 3.5.1.1).
const loaders: readonly [RegExp, string][] = [
  [/^bootx64\.efi$/i, 'x86_64'],
  [/^bootaa64\.efi$/i, 'aarch64'],
  [/^bootriscv64\.efi$/i, 'riscv64'],
  [/^bootia32\.efi$/i, 'x86'],
  [/^bootloongarch64\.efi$/i, 'loongarch64'],
];

export interface Processor {
  /** As people call it */
  name: string;
  /** Of the machine that can run it; null: none of ours can */
  machine: Architecture | null;
}

export function processorNamed(text: string): Processor | null {
  return words.find((candidate) => candidate.words.test(text)) ?? null;
}

/** @param names files of the folder EFI/BOOT */
export function processorOfLoaders(names: readonly string[]): Processor | null {
  const found = loaders.find(([expression]) => names.some((name) => expression.test(name)));
  return words.find(({ name }) => name === found?.[1]) ?? null;
}
