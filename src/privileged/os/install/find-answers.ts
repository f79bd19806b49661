// SPDX-License-Identifier: Apache-2.0
//
// Answers for an installation without questions: a credential of systemd (from SMBIOS, a boot loader, a hypervisor), else
// answers.yaml on a file system with our label. Only a live system looks for them.
import { mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PhyllomeError } from '../../../contract/errors.ts';
import { answersCredential, answersLabel } from '../../../contract/os-install.ts';
import { isLive } from '../disks/offer.ts';
import { osTool } from '../os-tool.ts';

// No answers are longer (bytes): this is text of people.
const longest = 2 ** 16;

/** @returns the text, unread @throws PhyllomeError `install-not-live`, `install-answers-missing` */
export async function findAnswers(root: string, signal?: AbortSignal): Promise<string> {
  if (!isLive(root)) throw new PhyllomeError('install-not-live');
  const credential = join(root, 'run/credentials/@system', answersCredential);
  if (existsSync(credential)) return readText(credential);
  const device = join(root, 'dev/disk/by-label', answersLabel);
  if (existsSync(device)) return fromMedium(root, signal);
  throw new PhyllomeError('install-answers-missing', {
    reason: `neither is there a partition labelled ${answersLabel}, nor a credential ${answersCredential}`,
  });
}

async function fromMedium(root: string, signal?: AbortSignal): Promise<string> {
  await mkdir(join(root, 'run/phyllome-install'), { recursive: true, mode: 0o700 });
  const place = await mkdtemp(join(root, 'run/phyllome-install/answers-'));
  const options = 'ro,nosuid,nodev,noexec,nosymfollow';
  await osTool(root, ['/usr/bin/mount', '-o', options, `/dev/disk/by-label/${answersLabel}`, place], {
    signal,
  });
  try {
    const file = join(place, 'answers.yaml');
    if (!existsSync(file))
      throw new PhyllomeError('install-answers-missing', {
        reason: `${answersLabel} is there, but it has no answers.yaml`,
      });
    return await readText(file);
  } finally {
    await osTool(root, ['/usr/bin/umount', place]);
    await rm(place, { recursive: true });
  }
}

async function readText(file: string): Promise<string> {
  const { size } = await stat(file);
  if (size > longest)
    throw new PhyllomeError('install-answers-missing', { reason: `${file} is too large for answers` });
  return readFile(file, 'utf8');
}
