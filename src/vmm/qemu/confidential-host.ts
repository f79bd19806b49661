// SPDX-License-Identifier: Apache-2.0
//
// What this PC can do for guests whose memory it cannot read, and for enclaves: asked of the kernel, and of a QEMU
// that was started with KVM.
import { spawn } from 'node:child_process';
import { access, constants, readFile } from 'node:fs/promises';
import { reasonOf } from '../../contract/errors.ts';
import { usableKinds, type ConfidentialKind } from '../../host/confidential.ts';
import { openTree } from '../../host/tree.ts';
import { isRecord, openQmp } from './qmp.ts';

/** How encrypted memory looks to this processor; both numbers go into sev-guest and sev-snp-guest. */
interface SevNumbers {
  /** The bit of a page's address that says "encrypted" */
  cbitpos: number;
  /** Bits of an address that are lost to it */
  reducedPhysBits: number;
}

export interface ConfidentialHost {
  /** What KVM says it can use */
  kinds: ConfidentialKind[];
  /** /dev/sev, the way to AMD's secure processor: null when it can be used, otherwise why not */
  sevDevice: string | null;
  /** null where there is no SEV, or QEMU did not say; then `problem` has its words */
  sev: SevNumbers | null;
  problem: string;
  /** Memory (bytes) that a process of ours may keep from being swapped; null: all of it */
  lockableBytes: number | null;
  /** /dev/sgx_vepc, enclave memory for guests: null when it can be used, otherwise why not */
  sgxDevice: string | null;
}

/** @param binary qemu-system-x86_64; null for guests of other processors, about which there is nothing to ask */
export async function probeConfidential(binary: string | null, root = '/'): Promise<ConfidentialHost> {
  const kinds = usableKinds(openTree(root));
  const [sevDevice, sgxDevice, limits] = await Promise.all([
    problemWith(`${root}dev/sev`),
    problemWith(`${root}dev/sgx_vepc`),
    readFile(`${root}proc/self/limits`, 'utf8').catch(() => ''),
  ]);
  const asked =
    binary !== null && kinds.some((kind) => kind.startsWith('sev')) && sevDevice === null
      ? await askSevNumbers(binary)
      : { sev: null, problem: '' };
  return { kinds, sevDevice, sgxDevice, lockableBytes: lockableBytes(limits), ...asked };
}

async function problemWith(file: string): Promise<string | null> {
  return access(file, constants.R_OK | constants.W_OK).then(() => null, reasonOf);
}

/** From /proc/PID/limits: the soft limit, in bytes, or "unlimited". Unknown counts as no limit: QEMU will say. */
export function lockableBytes(limits: string): number | null {
  const [, soft = ''] = /^Max locked memory\s+(\S+)/m.exec(limits) ?? [];
  return /^\d+$/.test(soft) ? Number(soft) : null;
}

/** Only a QEMU with KVM answers this question. It runs no guest. About 0.1 s, and only on PCs that have SEV. */
async function askSevNumbers(binary: string): Promise<Pick<ConfidentialHost, 'sev' | 'problem'>> {
  const basics = ['-nodefaults', '-no-user-config', '-display', 'none', '-S', '-qmp', 'stdio'];
  const child = spawn(binary, ['-machine', 'none,accel=kvm', ...basics], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
  });
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  try {
    const streams = { input: child.stdout, output: child.stdin };
    const qmp = await Promise.race([openQmp(streams, { name: 'the test of SEV' }), failed]);
    return readSevNumbers(await qmp.execute('query-sev-capabilities'));
  } catch (error) {
    return { sev: null, problem: reasonOf(error) };
  } finally {
    child.kill('SIGKILL');
  }
}

export function readSevNumbers(answer: unknown): Pick<ConfidentialHost, 'sev' | 'problem'> {
  const [cbitpos, reducedPhysBits] = isRecord(answer) ? [answer['cbitpos'], answer['reduced-phys-bits']] : [];
  if (typeof cbitpos !== 'number' || typeof reducedPhysBits !== 'number')
    return { sev: null, problem: 'QEMU did not say how SEV marks encrypted memory' };
  return { sev: { cbitpos, reducedPhysBits }, problem: '' };
}
