// SPDX-License-Identifier: Apache-2.0
//
// KVM or TCG? /dev/kvm that opens proves nothing: clouds and nested virtual machines have ones that stop at the first
// uncommon instruction, hang, or let QEMU abort. So a tiny guest runs, and only if it does everything right we use KVM.
import { mkdir, readFile, stat } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { AcceleratorVerdict, type AcceleratorReason } from '../contract/host.ts';
import type { Architecture } from '../contract/machine.ts';
import { completeValue } from '../contract/validate.ts';
import { kvmDeviceProblem } from './accelerator-device.ts';
import { payloadFor } from './accelerator-payload.ts';
import { tryPayload } from './accelerator-trial.ts';
import {
  foreignVerdict,
  judgeTrial,
  verdictWithoutDevice,
  verdictWithoutTrial,
} from './accelerator-verdict.ts';
import { writeAtomic } from './files.ts';
import { hostArchitecture } from './architecture.ts';
import { bootId, kernelRelease } from './identity.ts';

export interface ProbeOptions {
  /** Absolute path of the qemu-system-* that will run the guests */
  binary: string;
  /** Of the guests */
  architecture: Architecture;
  /** Where /dev, /proc and /etc are found */
  root?: string;
  /** Processor of this PC */
  host?: Architecture | null;
}

/** Finds out by experiment what runs guests best here. Takes 0.1 s when KVM works, some seconds when it hangs. */
export async function probeAccelerator(options: ProbeOptions): Promise<AcceleratorVerdict> {
  return (await verdictOfLook(options)) ?? verdictOfTrial(options);
}

/**
 * The same, from memory or from a file in `cacheDirectory` while nothing changed: the boot, the kernel, the VMM
 * and our test guest. What a look can tell (no device, no permission) is looked at each time.
 */
export async function accelerator(
  options: ProbeOptions & { cacheDirectory: string },
): Promise<AcceleratorVerdict> {
  const seen = await verdictOfLook(options);
  if (seen !== null) return seen;
  const file = join(options.cacheDirectory, `accelerator-${options.architecture}.json`);
  const key = await keyOf(options);
  const memory = `${file} ${key}`;
  const known = remembered.get(memory) ?? (await readCache(file, key));
  if (known !== null && !isStale(known)) return known;
  const trial = trials.get(memory) ?? tryAndKeep(options, file, key);
  trials.set(memory, trial);
  try {
    const verdict = await trial;
    remembered.set(memory, verdict);
    return verdict;
  } finally {
    trials.delete(memory);
  }
}

// What this process found out, and what it is finding out: two who ask at once share one trial.
const remembered = new Map<string, AcceleratorVerdict>();
const trials = new Map<string, Promise<AcceleratorVerdict>>();

async function tryAndKeep(options: ProbeOptions, file: string, key: string): Promise<AcceleratorVerdict> {
  const verdict = await verdictOfTrial(options);
  // A cache that cannot be written costs time after the next start of the service, nothing else.
  if (!isStale(verdict)) await writeCache(file, { key, verdict }).catch(() => {});
  return verdict;
}

async function verdictOfLook({
  architecture,
  root = '/',
  host = hostArchitecture(),
}: ProbeOptions): Promise<AcceleratorVerdict | null> {
  if (architecture !== host) return foreignVerdict(architecture, host ?? 'unknown');
  const problem = await kvmDeviceProblem(root);
  return problem === null ? null : verdictWithoutDevice(architecture, problem);
}

async function verdictOfTrial({ architecture, binary }: ProbeOptions): Promise<AcceleratorVerdict> {
  const payload = payloadFor(architecture);
  if (payload === null) {
    return verdictWithoutTrial(
      architecture,
      'kvm-unproven',
      `There is no test guest for ${architecture} yet, so KVM is not trusted.`,
    );
  }
  return judgeTrial(architecture, payload, await tryPayload({ binary, payload, accelerator: 'kvm' }));
}

// How long the outcome of a trial is believed, within a boot (ms). A busy PC can look like a KVM that hangs before its
// first sign, and VirtualBox holds the processor only as long as it runs.
const forThisBoot = Infinity;
const lifetimes: Partial<Record<AcceleratorReason, number>> = {
  'kvm-works': forThisBoot,
  'kvm-aborts': forThisBoot,
  'kvm-guest-failed': forThisBoot,
  'kvm-unproven': forThisBoot,
  'kvm-hangs': 10 * 60_000,
};

function isStale({ reason, probedAt, evidence }: AcceleratorVerdict): boolean {
  const age = Math.abs(Date.now() - Date.parse(probedAt));
  const stoodStillLater = reason === 'kvm-hangs' && evidence.steps.length > 0;
  return age >= (stoodStillLater ? forThisBoot : (lifetimes[reason] ?? 0));
}

async function keyOf({ binary, architecture, root = '/' }: ProbeOptions): Promise<string> {
  const vmm = await stat(binary).catch(() => null);
  const image = payloadFor(architecture)?.image ?? '';
  return JSON.stringify([
    bootId(root),
    kernelRelease(root),
    binary,
    vmm?.mtimeMs,
    vmm?.size,
    createHash('sha256').update(image).digest('hex').slice(0, 16),
  ]);
}

async function readCache(file: string, key: string): Promise<AcceleratorVerdict | null> {
  try {
    const cached: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (typeof cached !== 'object' || cached === null || !('key' in cached) || !('verdict' in cached))
      return null;
    const { value, problems } = completeValue(AcceleratorVerdict, cached.verdict);
    const verdict = value as AcceleratorVerdict;
    return cached.key === key && problems.length === 0 && !isStale(verdict) ? verdict : null;
  } catch {
    // Missing or damaged: what it held can be found out again.
    return null;
  }
}

async function writeCache(
  file: string,
  content: { key: string; verdict: AcceleratorVerdict },
): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeAtomic(file, JSON.stringify(content));
}
