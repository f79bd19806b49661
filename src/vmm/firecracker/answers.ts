// SPDX-License-Identifier: Apache-2.0
//
// What a Firecracker says about itself.
import { execFile } from 'node:child_process';
import { PhyllomeError } from '../../contract/errors.ts';
import { Type, type Static } from '../../contract/schema.ts';
import { atLeast } from '../version.ts';

export const FirecrackerAnswers = Type.Object({
  /** "1.16.1", without what its builder added */
  version: Type.String(),
  /** Its long options, with their two hyphens */
  options: Type.Array(Type.String()),
});
export type FirecrackerAnswers = Static<typeof FirecrackerAnswers>;

/** The first with virtio-pci, which the kernels of distributions have; few of them have what older ones need. */
const oldestVersion = '1.13';

// It answers in some 10 ms; the disk it is read from may be slow (ms).
const patience = 10_000;

/** @throws PhyllomeError `vmm-probe-failed`, `vmm-too-old` */
export async function askBinary(binary: string): Promise<FirecrackerAnswers> {
  const [about, help] = await Promise.all([answerTo(binary, '--version'), answerTo(binary, '--help')]);
  // "Firecracker v1.16.1"; builds that are no release say v1.17.0-dev. Below it stands a line of its log.
  const version = /^Firecracker v(\d+\.\d+(?:\.\d+)?)/m.exec(about)?.[1];
  if (version === undefined) {
    const reason = 'it does not say which version of Firecracker it is';
    throw new PhyllomeError('vmm-probe-failed', { binary, reason });
  }
  const options = [...help.matchAll(/^ +(--[a-z][a-z0-9-]*)/gm)].map(([, name = '']) => name).toSorted();
  if (!atLeast(version, oldestVersion) || !options.includes('--enable-pci'))
    throw new PhyllomeError('vmm-too-old', { binary, found: version, needed: oldestVersion });
  return { version, options };
}

/** Came after 1.16. Older ones want a kernel that is unpacked already. */
export function takesBzImage({ version }: Pick<FirecrackerAnswers, 'version'>): boolean {
  return atLeast(version, '1.17');
}

function answerTo(binary: string, option: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { timeout: patience, env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' } };
    execFile(binary, [option], options, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      const reason = stderr.trim().split('\n').at(-1) || error.message;
      reject(new PhyllomeError('vmm-probe-failed', { binary, reason }, { cause: error }));
    });
  });
}
