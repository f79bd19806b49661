// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LaunchPlan } from '../contract/plan.ts';
import { planSwtpm } from '../vmm/swtpm.ts';
import { makeTpm } from './make-tpm.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ph-tpm ,'));
  for (const name of ['machine/tpm', 'run', 'logs']) await mkdir(join(root, name), { recursive: true });
});
afterEach(() => rm(root, { recursive: true, force: true }));

const at = (...names: string[]): string => join(root, ...names);
const secrets = () => readFile(at('machine/tpm/tpm2-00.permall'), 'utf8');

/** Makes the TPM with a script in place of swtpm_setup. Its folder is `new-tpm` in the folder it runs in. */
async function make(script: string): Promise<string | null> {
  const setup = at('swtpm_setup');
  await writeFile(setup, `#!/bin/sh\nset -e\nA='${at('authority')}'\n${script}\n`);
  await chmod(setup, 0o755);
  const paths = { machine: at('machine'), run: at('run'), logs: at('logs'), tpmAuthority: at('authority') };
  const { tpm } = planSwtpm({ env: '/usr/bin/env', swtpm: '/usr/bin/swtpm', setup }, paths, 'some-id');
  if (tpm === null) throw new Error('not planned');
  return makeTpm({ machine: { id: 'some-id', name: 'trial' }, vmm: 'qemu' } as LaunchPlan, tpm);
}

const works = 'echo secrets >new-tpm/tpm2-00.permall; echo ran >>"$A/runs"';

test('it is made once, for its user alone, and nothing else is left', async () => {
  expect(await make(works)).toBeNull();
  expect(await secrets()).toBe('secrets\n');
  expect((await stat(at('machine/tpm/tpm2-00.permall'))).mode & 0o777).toBe(0o600);
  expect((await stat(at('authority'))).mode & 0o777).toBe(0o700);
  expect(existsSync(at('run/new-tpm'))).toBe(false);
  expect(await make(works)).toBeNull();
  expect(await readFile(at('authority/runs'), 'utf8')).toBe('ran\n');
});

test('a TPM that is there is never made anew', async () => {
  await writeFile(at('machine/tpm/tpm2-00.permall'), 'what BitLocker sealed');
  expect(await make(works)).toBeNull();
  expect(await secrets()).toBe('what BitLocker sealed');
  expect(existsSync(at('authority'))).toBe(false);
});

test('what a killed start left half-made is not used', async () => {
  await mkdir(at('run/new-tpm'));
  await writeFile(at('run/new-tpm/tpm2-00.permall'), 'half');
  expect(await make(`ls new-tpm >"$A/found"; ${works}`)).toBeNull();
  expect(await readFile(at('authority/found'), 'utf8')).toBe('');
  expect(await secrets()).toBe('secrets\n');
});

test('a failure is told with its words, and leaves the TPM to swtpm', async () => {
  const problem = await make('echo half >new-tpm/tpm2-00.permall; echo no certtool here >&2; exit 1');
  expect(problem).toContain('no certtool here');
  expect(existsSync(at('machine/tpm/tpm2-00.permall'))).toBe(false);
});

test('success without secrets is a failure', async () => {
  expect(await make('exit 0')).toContain('has no certificate');
});

test('keys of an authority that a power cut left half-made go, whole ones stay', async () => {
  await mkdir(at('authority'));
  await writeFile(at('authority/signkey.pem'), 'key');
  await writeFile(at('authority/issuercert.pem'), '');
  expect(await make(`test ! -e "$A/signkey.pem"; ${works}`)).toBeNull();
  await rm(at('machine/tpm/tpm2-00.permall'));
  for (const name of ['signkey', 'issuercert', 'swtpm-localca-rootca-privkey', 'swtpm-localca-rootca-cert'])
    await writeFile(at(`authority/${name}.pem`), 'whole');
  expect(await make('exit 1')).toContain('has no certificate');
  expect(await readFile(at('authority/signkey.pem'), 'utf8')).toBe('whole');
});

test('what swtpm_setup reads names the folder of the authority', async () => {
  await make(works);
  expect(await readFile(at('authority/setup.conf'), 'utf8')).toContain(
    `create_certs_tool_config = ${at('authority/localca.conf')}\n`,
  );
  expect(await readFile(at('authority/localca.conf'), 'utf8')).toContain(`statedir = ${at('authority')}\n`);
});
