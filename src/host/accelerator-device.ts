// SPDX-License-Identifier: Apache-2.0
import { close, constants, openSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { AcceleratorReason } from '../contract/host.ts';

export interface DeviceProblem {
  reason: AcceleratorReason;
  explanation: string;
}

/** What decides the words about a /dev/kvm that cannot be opened. */
export interface DeviceFacts {
  /** Of open(2): ENOENT, EACCES, ... */
  errorCode: string;
  /** Of the device node; null when there is none */
  node: { group: string; mode: number; memberOnPaper: boolean } | null;
  user: string;
  /** Flags of the processor in /proc/cpuinfo; empty on arm */
  flags: readonly string[];
}

/** Opens /dev/kvm as a VMM would; null when that works. Takes some 0.1 ms. */
export async function kvmDeviceProblem(root: string): Promise<DeviceProblem | null> {
  const device = join(root, 'dev/kvm');
  try {
    close(openSync(device, constants.O_RDWR | constants.O_NONBLOCK), () => {});
    return null;
  } catch (error) {
    const errorCode = (error as NodeJS.ErrnoException).code ?? 'unknown';
    const user = userInfo().username;
    const node = await readNode(root, device, user);
    return deviceProblem({ errorCode, node, user, flags: await readFlags(root) });
  }
}

/** Puts the cause and the next step into words. Pure. */
export function deviceProblem({ errorCode, node, user, flags }: DeviceFacts): DeviceProblem {
  if (errorCode === 'EACCES' && node !== null) {
    return { reason: 'kvm-no-permission', explanation: permissionText(node, user) };
  }
  if (errorCode === 'EPERM' || errorCode === 'EACCES') {
    const explanation =
      '/dev/kvm is there, but this process is forbidden to open devices, as in a container. ' +
      'Pass the device to the container (for docker and podman: --device /dev/kvm).';
    return { reason: 'kvm-no-permission', explanation };
  }
  if (errorCode === 'ENOENT' || errorCode === 'ENXIO' || errorCode === 'ENODEV') {
    return { reason: 'kvm-absent', explanation: absenceText(flags) };
  }
  return {
    reason: 'kvm-start-failed',
    explanation: `/dev/kvm cannot be opened (${errorCode}). "sudo dmesg" may say why.`,
  };
}

function permissionText(node: NonNullable<DeviceFacts['node']>, user: string): string {
  const groupMayUse = (node.mode & 0o060) === 0o060;
  if (!groupMayUse || node.group === 'root') {
    return `/dev/kvm is there, but only root may use it. Allow yourself to: sudo setfacl -m u:${user}:rw /dev/kvm (until the next boot).`;
  }
  if (node.memberOnPaper) {
    return (
      `/dev/kvm belongs to the group ${node.group}, which ${user} has joined, but this session began before that. ` +
      'Log out and in again (or restart the PC), then start Phyllome again.'
    );
  }
  return (
    `/dev/kvm belongs to the group ${node.group}, and ${user} is not in it. ` +
    `Join it with: sudo usermod -aG ${node.group} ${user}, then log out and in again.`
  );
}

function absenceText(flags: readonly string[]): string {
  const found = 'There is no /dev/kvm. ';
  const module = flags.includes('vmx') ? 'kvm_intel' : flags.includes('svm') ? 'kvm_amd' : null;
  if (module !== null) {
    return (
      `${found}The processor can run guests, so the kernel module is missing: sudo modprobe ${module}. If that is refused, ` +
      'switch virtualisation on in the setup of the PC (BIOS: "VT-x" or "SVM mode").'
    );
  }
  if (flags.includes('hypervisor')) {
    return (
      `${found}This system is a virtual machine itself, and its host does not hand on virtualisation: ` +
      'switch on nested virtualisation there.'
    );
  }
  return `${found}Switch virtualisation on in the setup of the PC (BIOS: "VT-x" on Intel, "SVM mode" on AMD).`;
}

async function readNode(root: string, device: string, user: string): Promise<DeviceFacts['node']> {
  try {
    const { gid, mode } = await stat(device);
    const group = await readGroup(root, gid);
    return { group: group.name, mode, memberOnPaper: group.members.includes(user) };
  } catch {
    return null;
  }
}

// A line of /etc/group: name:password:gid:member,member
async function readGroup(root: string, gid: number): Promise<{ name: string; members: string[] }> {
  const text = await readFile(join(root, 'etc/group'), 'utf8').catch(() => '');
  const fields = text.split('\n').map((line) => line.split(':'));
  const found = fields.find(([, , id]) => id === String(gid));
  return { name: found?.[0] ?? String(gid), members: found?.[3]?.split(',') ?? [] };
}

async function readFlags(root: string): Promise<string[]> {
  const text = await readFile(join(root, 'proc/cpuinfo'), 'utf8').catch(() => '');
  return /^flags\s*:\s*(.*)$/m.exec(text)?.[1]?.split(' ') ?? [];
}
