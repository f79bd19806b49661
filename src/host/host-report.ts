// SPDX-License-Identifier: Apache-2.0
import type { AcceleratorVerdict, HostReport } from '../contract/host.ts';
import { reasonOf } from '../contract/errors.ts';
import type { Architecture } from '../contract/machine.ts';
import { accelerator } from './accelerator.ts';
import { hostArchitecture } from './architecture.ts';
import { findBinary } from './binaries.ts';
import { readOsRelease } from './os-release.ts';
import { readAudio } from './readers/audio.ts';
import { readCpu, readCpuInfo } from './readers/cpu.ts';
import { inspectNode, readDeviceNodes, type InspectNode } from './readers/device-nodes.ts';
import { readDmi, readFirmware, readTpm } from './readers/firmware.ts';
import { readFirewall } from './readers/firewall.ts';
import { livingFolders, recordedFolders } from './readers/folder-probes.ts';
import { graphicsPaths, readVirglrenderer } from './readers/graphics-paths.ts';
import { readGraphics } from './readers/graphics.ts';
import { idNames } from './readers/id-names.ts';
import { readIommu } from './readers/iommu-state.ts';
import { readLimits } from './readers/limits.ts';
import { readMemory } from './readers/memory.ts';
import { readModules } from './readers/modules.ts';
import { readNetwork } from './readers/network.ts';
import { readPciDevices } from './readers/pci.ts';
import { runProgram, type RunProgram } from './readers/run-program.ts';
import { readSession } from './readers/session.ts';
import { readStorage, type Folder, type FolderProbes } from './readers/storage.ts';
import { readUsbDevices } from './readers/usb.ts';
import { readVirtualised } from './readers/virtualised.ts';
import { readVmms } from './readers/vmms.ts';
import { toolReports } from './tools.ts';
import { openTree, type Tree } from './tree.ts';

/** What cannot be recorded in files: the living part of a PC. Each has a default that asks this one. */
export interface HostProbes {
  folders?: FolderProbes;
  inspectNode?: InspectNode;
  run?: RunProgram;
  accelerators?: () => Promise<AcceleratorVerdict[]>;
}

/**
 * What this PC is and can do. Never throws: what cannot be read is null or empty, and a note says why. Takes some 0.3 s
 * (programs are asked for their versions), and some seconds more when KVM has to be tried and hangs.
 *
 * @param cacheDirectory where the verdict about KVM is kept
 * @param root folder in which /proc, /sys, /dev, /etc and /usr are found; nothing outside it is read
 * @param folders where our files lie, or will lie
 */
export async function hostReport(
  cacheDirectory: string,
  root = '/',
  folders: readonly Folder[] = [],
  probes: HostProbes = {},
): Promise<HostReport> {
  const tree = openTree(root);
  const notes: string[] = [];
  const attempt = attemptWith(notes);
  const {
    folders: folderProbes = root === '/' ? livingFolders : recordedFolders,
    inspectNode: inspect = inspectNode,
    run = runProgram,
    accelerators = () => verdicts(cacheDirectory, root),
  } = probes;

  // The programs answer while we read.
  const asked = Promise.all([
    attempt('Whether KVM works', accelerators, []),
    attempt('The installed VMMs', () => readVmms(root, run), []),
    attempt('The installed programs', () => toolReports(root), []),
    attempt('The folders', () => readStorage(tree, folders, folderProbes, notes), []),
  ]);
  const cpu = readCpu(tree, notes);
  const kernel = readKernel(tree, notes);
  const pciDevices = await readPciDevices(tree, idNames(tree, 'pci'));
  const graphics = readGraphics(tree, pciDevices);
  const devices = readDeviceNodes(tree, inspect);
  const os = readOs(tree, notes);
  const parts = {
    memory: readMemory(tree, notes),
    virtualised: readVirtualised(tree, readCpuInfo(tree)),
    firmware: readFirmware(tree),
    dmi: readDmi(tree),
    iommu: readIommu(tree, pciDevices),
    usbDevices: readUsbDevices(tree, idNames(tree, 'usb')),
    tpm: readTpm(tree),
    audio: readAudio(tree),
    network: readNetwork(tree),
    modules: readModules(tree, kernel),
    limits: readLimits(tree),
    firewall: readFirewall(tree),
    session: readSession(tree),
  };
  const [verdictsFound, vmms, tools, storage] = await asked;
  const qemu = vmms.find(({ program }) => program === `qemu-system-${cpu.architecture}`);
  const paths = graphicsPaths({ qemu, cards: graphics, devices, kernel, ...readVirglrenderer(tree) });

  return {
    cpu,
    kernel,
    os,
    ...parts,
    storage,
    graphics,
    graphicsPaths: paths,
    pciDevices,
    devices,
    accelerators: verdictsFound,
    vmms,
    tools,
    notes: [...notes, ...failureNotes(tree)],
  };
}

function attemptWith(notes: string[]) {
  return async <Value>(what: string, ask: () => Promise<Value>, otherwise: Value): Promise<Value> => {
    try {
      return await ask();
    } catch (error) {
      notes.push(`${what} could not be found out: ${reasonOf(error)}`);
      return otherwise;
    }
  };
}

function readKernel(tree: Tree, notes: string[]): string | null {
  const release = tree.text('proc/sys/kernel/osrelease');
  if (release !== null && release !== '') return release;
  notes.push('The kernel release could not be read: there is no /proc/sys/kernel/osrelease.');
  return null;
}

function readOs(tree: Tree, notes: string[]): HostReport['os'] {
  const os = readOsRelease(tree.root);
  if (os['ID'] === undefined) notes.push('The distribution could not be read: there is no os-release file.');
  return {
    id: os['ID'] ?? null,
    name: os['PRETTY_NAME'] ?? os['NAME'] ?? null,
    version: os['VERSION_ID'] ?? null,
    image: os['IMAGE_ID'] ?? null,
    // What systemd itself looks at: sd_booted(3).
    systemd: tree.exists('run/systemd/system'),
  };
}

// A PC that lets us read nothing would fill the report with its complaints.
const mostFailures = 20;

function failureNotes(tree: Tree): string[] {
  const failures = [...tree.failures].filter(([path]) => !expected.test(path));
  const notes = failures.slice(0, mostFailures).map(([path, why]) => {
    const permission = why === 'EACCES' || why === 'EPERM';
    return `${path} could not be read: ${permission ? 'no permission' : why}.`;
  });
  const more = failures.length - mostFailures;
  return more > 0 ? [...notes, `${more} more files could not be read.`] : notes;
}

// Only root may read these, and we can do without: they only name the maker of a virtual machine, or a container.
const expected = /^\/(?:sys\/firmware\/acpi\/tables|proc\/1)\//;

const architectures: readonly Architecture[] = ['x86_64', 'aarch64', 'riscv64'];

function verdicts(cacheDirectory: string, root: string): Promise<AcceleratorVerdict[]> {
  const installed = architectures.flatMap((architecture) => {
    const binary = findBinary(`qemu-system-${architecture}`, root);
    return binary === null ? [] : [{ architecture, binary }];
  });
  // This PC's own processor first: the others can only be emulated.
  const own = hostArchitecture();
  const ordered = installed.toSorted(
    (a, b) => Number(b.architecture === own) - Number(a.architecture === own),
  );
  return Promise.all(ordered.map((vmm) => accelerator({ ...vmm, cacheDirectory, root })));
}
