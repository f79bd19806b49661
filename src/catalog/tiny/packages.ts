// SPDX-License-Identifier: Apache-2.0
//
// Which packages of which distribution the tiny guest is made of.
import type { Architecture } from '../../contract/machine.ts';

type Family = 'debian' | 'ubuntu' | 'fedora';

export interface Distribution {
  family: Family | null;
  /** For people: "Debian GNU/Linux 12 (bookworm)" */
  name: string;
  /** "bookworm", "noble"; empty where the distribution has none */
  codename: string;
  /** Changes when the packages may have changed for good: "debian 12" */
  release: string;
}

/** Reads the keys of os-release (man 5 os-release). */
export function describeDistribution(keys: Record<string, string>): Distribution {
  const id = keys['ID'] ?? 'unknown';
  const names = [id, ...(keys['ID_LIKE'] ?? '').split(/\s+/)];
  const families: Family[] = ['ubuntu', 'debian', 'fedora'];
  return {
    family: families.find((family) => names.includes(family)) ?? null,
    name: keys['PRETTY_NAME'] ?? id,
    codename: keys['UBUNTU_CODENAME'] ?? keys['VERSION_CODENAME'] ?? '',
    release: `${id} ${keys['VERSION_ID'] ?? ''}`.trim(),
  };
}

/** What Debian and Ubuntu call our architectures. */
export const debianArchitecture: Record<Architecture, string> = {
  x86_64: 'amd64',
  aarch64: 'arm64',
  riscv64: 'riscv64',
};

/**
 * The package that always depends on the newest stock kernel. Not Debian's "cloud" flavour: it has no driver for
 * a framebuffer, USB or an emulated Intel network card, all of which our machines can have.
 */
export function kernelMetaPackage(family: 'debian' | 'ubuntu', architecture: Architecture): string {
  return family === 'ubuntu' ? 'linux-image-generic' : `linux-image-${debianArchitecture[architecture]}`;
}

/**
 * The packages that hold the kernel and its modules, among everything the meta package depends on (the output of
 * `apt-cache depends --recurse`: a package a line, its dependencies indented below it).
 */
export function kernelPackages(dependencies: string): string[] {
  const names = dependencies.split('\n').map((line) => line.replace(/:\w+$/, ''));
  return names.filter((name) => /^linux-(image|modules)-\d\S*$/.test(name) && !/-(unsigned|dbg)$/.test(name));
}

export const fedoraPackages = ['kernel-core', 'kernel-modules-core', 'busybox'] as const;
