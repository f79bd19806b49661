// SPDX-License-Identifier: Apache-2.0
//
// What a Cloud Hypervisor says about itself.
import { execFile } from 'node:child_process';
import { PhyllomeError } from '../../contract/errors.ts';
import { Type, type Static } from '../../contract/schema.ts';
import { atLeast } from '../version.ts';

export const CloudHypervisorAnswers = Type.Object({
  /** "53.0", without what its builder added */
  version: Type.String(),
  /** What it was built with: kvm, io_uring, sev_snp, ... */
  features: Type.Array(Type.String()),
  /** Its long options, with their two hyphens */
  options: Type.Array(Type.String()),
});
export type CloudHypervisorAnswers = Static<typeof CloudHypervisorAnswers>;

/**
 * The first with image types that are said instead of guessed (GHSA-jmr4-g2hv-mjj6), without the use-after-free of its
 * disks (CVE-2026-45782) and without the hang on pausing a guest early (issue 7872).
 */
const oldestVersion = '52.0';

// It answers in some 20 ms; the disk it is read from may be slow (ms).
const patience = 10_000;

/** @throws PhyllomeError `vmm-probe-failed`, `vmm-too-old` */
export async function askBinary(binary: string): Promise<CloudHypervisorAnswers> {
  const [about, help] = await Promise.all([
    answerTo(binary, ['-v', '--version']),
    answerTo(binary, ['--help']),
  ]);
  // "cloud-hypervisor v53.0-dirty"; builds that are no release say v53.0-12-g0123456.
  const version = /^cloud-hypervisor v?(\d+\.\d+)/m.exec(about)?.[1];
  if (version === undefined) {
    const reason = 'it does not say which version of Cloud Hypervisor it is';
    throw new PhyllomeError('vmm-probe-failed', { binary, reason });
  }
  if (!atLeast(version, oldestVersion))
    throw new PhyllomeError('vmm-too-old', { binary, found: version, needed: oldestVersion });
  const [, features = ''] = /^Enabled features: \[(.*)\]/m.exec(about) ?? [];
  return {
    version,
    features: [...features.matchAll(/"([^"]*)"/g)].map(([, name = '']) => name).toSorted(),
    options: [...help.matchAll(/^ +(?:-\w, )?(--[a-z][a-z0-9-]*)/gm)].map(([, name = '']) => name).toSorted(),
  };
}

function answerTo(binary: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { timeout: patience, env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' } };
    execFile(binary, args, options, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      const reason = stderr.trim().split('\n').at(-1) || error.message;
      reject(new PhyllomeError('vmm-probe-failed', { binary, reason }, { cause: error }));
    });
  });
}
