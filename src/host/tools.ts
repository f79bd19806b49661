// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ToolReport } from '../contract/host.ts';
import { findBinary } from './binaries.ts';
import { installHint, type Tool } from './install-hint.ts';

const tools = [
  'qemu-system-x86_64',
  'qemu-system-aarch64',
  'qemu-system-riscv64',
  'qemu-img',
  'swtpm',
  'passt',
  'virtiofsd',
  'flock',
] as const satisfies readonly Tool[];

// A program that does not answer within this time (ms) has no version for us.
const patience = 3000;

/** The programs we work with: where they are, or how to get them. */
export function toolReports(root: string): Promise<ToolReport[]> {
  return Promise.all(
    tools.map(async (name) => {
      const path = findBinary(name, root);
      if (path === null) return { name, path, version: null, install: installHint(name, root) };
      return { name, path, version: await versionOf(path), install: null };
    }),
  );
}

// Each answers in its own words, but all say it in the first line, as the first number with a dot in it.
async function versionOf(path: string): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)(path, ['--version'], { timeout: patience });
    return /\b\d+\.\d[\w.~+-]*/.exec(stdout.split('\n')[0] ?? '')?.[0] ?? null;
  } catch {
    return null;
  }
}
