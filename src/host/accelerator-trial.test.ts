// SPDX-License-Identifier: Apache-2.0
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tryPayload } from './accelerator-trial.ts';
import { payloadFor } from './accelerator-payload.ts';
import type { Payload } from './payload.ts';

const payload = payloadFor('x86_64') as Payload;
const patient = { first: 30_000, next: 30_000 };

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'phyllome-test-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function tryScript(script: string, patience = patient) {
  const binary = join(directory, 'vmm');
  await writeFile(binary, `#!/bin/sh\n${script}\n`);
  await chmod(binary, 0o755);
  return tryPayload({ binary, payload, accelerator: 'kvm', patience });
}

describe('a trial', () => {
  test('sees a guest that does everything', async () => {
    expect(await tryScript('printf 123456789; exit 85')).toMatchObject({
      steps: 9,
      end: 'exit',
      exitCode: 85,
    });
  });

  test('counts steps only in their order', async () => {
    expect(await tryScript('printf 1246; exit 35')).toMatchObject({ steps: 2, end: 'exit', exitCode: 35 });
  });

  test('does not wait for a guest that stands still', async () => {
    const trial = await tryScript('printf 1; exec sleep 600', { ...patient, next: 50 });
    expect(trial).toMatchObject({ steps: 1, end: 'silence', exitCode: null, signal: null });
  });

  test('does not wait for a VMM that says nothing at all', async () => {
    expect(await tryScript('exec sleep 600', { ...patient, first: 50 })).toMatchObject({
      steps: 0,
      end: 'silence',
    });
  });

  test('sees a VMM abort, and keeps its words but not the registers', async () => {
    const trial = await tryScript(
      'echo "error: failed to set MSR 0x10a" >&2; echo "EFER=0000000000000501" >&2; kill -ABRT $$',
    );
    expect(trial).toMatchObject({
      end: 'exit',
      exitCode: null,
      signal: 'SIGABRT',
      messages: ['error: failed to set MSR 0x10a'],
    });
  });

  test('ends a VMM that stopped its guest over an error inside KVM', async () => {
    const trial = await tryScript('printf 1234; echo "KVM internal error. Suberror: 1" >&2; exec sleep 600');
    expect(trial).toMatchObject({ steps: 4, end: 'internal-error' });
  });

  test('a VMM that does not exist is no failure of ours', async () => {
    const trial = await tryPayload({
      binary: join(directory, 'none'),
      payload,
      accelerator: 'kvm',
      patience: patient,
    });
    expect(trial).toMatchObject({ end: 'not-executed', steps: 0 });
    expect(trial.messages.join()).toContain('No such file');
  });

  test('is sandboxed, on the machine and the processor of our guests', async () => {
    const { messages } = await tryScript('printf "%s\\n" "$*" | cut -c1-250 >&2; exit 1');
    expect(messages.join()).toContain('-sandbox on,obsolete=deny');
    expect(messages.join()).toContain('-accel kvm -cpu host');
  });
});
