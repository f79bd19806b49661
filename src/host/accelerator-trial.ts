// SPDX-License-Identifier: Apache-2.0
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dyingWithUs } from './bound-process.ts';
import type { Payload } from './payload.ts';

/** What running a test guest showed. */
export interface Trial {
  /** How many steps of the payload the guest reported, in their order */
  steps: number;
  /** How it ended: by itself, or by us because nothing happened any more, or it could not be executed */
  end: 'exit' | 'silence' | 'internal-error' | 'not-executed';
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  messages: string[];
  milliseconds: number;
}

export interface TrialOptions {
  /** Absolute path of a qemu-system-* */
  binary: string;
  payload: Payload;
  accelerator: 'kvm' | 'tcg';
  patience?: Patience;
}

/**
 * How long to wait, in ms. Real KVM is through in a tenth of a second. A busy PC, or one that is itself played by a VMM,
 * takes seconds to load QEMU; to take that for a KVM that hangs would cost all its guests their speed until the next boot.
 */
interface Patience {
  /** From the start of QEMU to the guest's first sign: loading QEMU from a slow disk takes most of it */
  first: number;
  /** From one sign to the next, which is microseconds of work for a processor */
  next: number;
}
const usualPatience: Patience = { first: 6000, next: 3000 };
// How long the kernel may take to end a process after SIGKILL; a vCPU stuck in KVM can resist (ms).
const killPatience = 500;
const messageLimit = 12;

/** Runs the payload in QEMU, sandboxed as our machines are, and says how far it came. */
export async function tryPayload({
  binary,
  payload,
  accelerator,
  patience = usualPatience,
}: TrialOptions): Promise<Trial> {
  const directory = await mkdtemp(join(tmpdir(), 'phyllome-probe-'));
  try {
    const firmware = join(directory, 'guest.bin');
    await writeFile(firmware, payload.image);
    const [file, ...parameters] = dyingWithUs([binary, ...qemuParameters(payload, accelerator, firmware)]);
    const child = spawn(file, parameters, {
      cwd: '/',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return await observe(child, payload, patience);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function qemuParameters(payload: Payload, accelerator: 'kvm' | 'tcg', firmware: string): string[] {
  return [
    ['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ['-sandbox', 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny'],
    ['-accel', accelerator, '-cpu', payload.processor[accelerator]],
    ['-m', '32', '-bios', firmware],
    ['-chardev', 'stdio,id=report,signal=off'],
    payload.parameters,
  ].flat();
}

function observe(child: ChildProcess, payload: Payload, patience: Patience): Promise<Trial> {
  const startedAt = performance.now();
  let output = '';
  let words = '';
  let end: Trial['end'] = 'exit';

  return new Promise((resolve) => {
    const finish = (exitCode: number | null, signal: NodeJS.Signals | null): void => {
      clearTimeout(timer);
      // What setpriv says when it cannot execute the command it was given.
      if (words.startsWith('setpriv: failed to execute')) end = 'not-executed';
      resolve({
        steps: countSteps(output, payload),
        end,
        exitCode: end === 'exit' ? exitCode : null,
        signal: end === 'exit' ? signal : null,
        messages: firstLines(words),
        milliseconds: Math.round(performance.now() - startedAt),
      });
    };
    const cut = (why: 'silence' | 'internal-error'): void => {
      clearTimeout(timer);
      end = why;
      child.kill('SIGKILL');
      timer = setTimeout(() => {
        // It will die when the kernel lets it; nobody waits for that.
        child.unref();
        child.stdout?.destroy();
        child.stderr?.destroy();
        finish(null, null);
      }, killPatience);
    };
    let timer = setTimeout(() => cut('silence'), patience.first);

    child.stdout?.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString('latin1')).slice(0, 1024);
      if (end !== 'exit') return;
      clearTimeout(timer);
      timer = setTimeout(() => cut('silence'), patience.next);
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString('utf8')).slice(0, 16_384);
      // QEMU stops such a guest and waits for somebody to look at it.
      if (end === 'exit' && words.includes('KVM internal error')) cut('internal-error');
    });
    child.once('error', (error) => {
      end = 'not-executed';
      words = error.message;
      finish(null, null);
    });
    child.once('close', finish);
  });
}

// The guest says '1', '2', ... A step counts when all before it were reported.
function countSteps(output: string, { steps }: Payload): number {
  let count = 0;
  while (count < steps.length && output[count] === String(count + 1)) count += 1;
  return count;
}

/** The lines that say something: QEMU follows an error of KVM with the registers of the processor. */
function firstLines(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trim().slice(0, 300));
  return lines
    .filter((line) => line !== '' && !/^(extra data|[A-Z0-9]{2,4} *=|Code=)/.test(line))
    .slice(0, messageLimit);
}
