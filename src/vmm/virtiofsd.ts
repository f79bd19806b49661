// SPDX-License-Identifier: Apache-2.0
//
// Shared folders by virtiofsd, for every VMM that speaks vhost-user.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Share } from '../contract/machine.ts';
import { Type } from '../contract/schema.ts';
import { remembered } from './answers-cache.ts';
import type { Reason } from './driver.ts';
import { installing, type Tool } from './tool.ts';

export interface VirtiofsdAnswers {
  /** The one written in Rust, which works without root */
  current: boolean;
  readOnly: boolean;
}

const VirtiofsdSchema = Type.Object({ current: Type.Boolean(), readOnly: Type.Boolean() });

/** Two programs bear this name: one in C, which needs root and went with QEMU 8.0, and its successor in Rust. */
export async function askVirtiofsd(path: string | null, cacheDirectory: string): Promise<VirtiofsdAnswers> {
  if (path === null) return { current: false, readOnly: false };
  return remembered(join(cacheDirectory, 'virtiofsd.json'), VirtiofsdSchema, [path], async () => {
    const help = await promisify(execFile)(path, ['--help'], { timeout: 5000 }).then(
      ({ stdout }) => stdout,
      () => '',
    );
    return { current: help.includes('--shared-dir'), readOnly: help.includes('--readonly') };
  });
}

/** Why a folder cannot be shared on this PC; null when it can. The guest runs without: its own disk is complete. */
export function shareProblem(
  { tag, readOnly }: Share,
  virtiofsd: Tool,
  answers: VirtiofsdAnswers,
): Reason | null {
  const without = `so the machine runs without its shared folder ${tag}`;
  if (virtiofsd.path === null) {
    return {
      code: 'share-missing',
      text: `virtiofsd is not installed, ${without}.`,
      hint: installing(virtiofsd),
    };
  }
  const hint = 'Update virtiofsd to 1.13 or newer (Debian 13 has it).';
  if (!answers.current) {
    const text = `${virtiofsd.path} is the old virtiofsd, which only works for root, ${without}.`;
    return { code: 'share-helper-old', text, hint };
  }
  if (readOnly && !answers.readOnly) {
    const text = `${virtiofsd.path} cannot share read-only, ${without}.`;
    return { code: 'share-read-only', text, hint };
  }
  return null;
}

/** The command of a virtiofsd that serves one folder to one VMM, and ends with its connection. Pure. */
export function virtiofsdCommand(
  binary: string,
  socket: string,
  { path, readOnly }: Pick<Share, 'path' | 'readOnly'>,
): string[] {
  return [
    binary,
    `--socket-path=${socket}`,
    `--shared-dir=${path}`,
    // A namespace of its own, in which it sees nothing but the folder; what guests create belongs to the user.
    '--sandbox=namespace',
    ...(readOnly ? ['--readonly'] : []),
    '--log-level=warn',
  ];
}
