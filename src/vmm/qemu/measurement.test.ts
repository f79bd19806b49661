// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { ConfidentialKind } from '../../host/confidential.ts';
import { Refusal, startFakeQemu, type Answers } from './fake-qemu.ts';
import { attach } from './session.ts';

async function measured(confidential: ConfidentialKind | undefined, answers: Answers) {
  await using qemu = await startFakeQemu({ 'query-status': { status: 'running' }, ...answers });
  const endpoints = { control: qemu.socket, serial: null, display: null, agent: null };
  const run = {
    machine: { id: '', name: 'secret' },
    endpoints,
    ...(confidential !== undefined && { confidential }),
  };
  const session = await attach(run, () => {}, new AbortController().signal);
  try {
    return await session.measurement?.();
  } finally {
    session.close();
  }
}

const info = { enabled: true, 'api-major': 1, 'api-minor': 55, 'build-id': 22, state: 'running' };

test('the launch measurement of SEV and SEV-ES, with all that is needed to compare it', async () => {
  const answers = {
    'query-sev': { ...info, 'sev-type': 'sev', policy: 5, handle: 1 },
    'query-sev-launch-measure': { data: 'c2VjcmV0' },
  };
  expect(await measured('sev-es', answers)).toMatchObject({
    kind: 'sev-es',
    launch: 'c2VjcmV0',
    policy: '0x5',
    firmware: '1.55 build 22',
  });
});

test('SEV-SNP is measured for the guest only', async () => {
  const answers = { 'query-sev': { ...info, 'sev-type': 'sev-snp', 'snp-policy': 0x3_0000 } };
  const { launch, policy, note } = (await measured('sev-snp', answers)) ?? {};
  expect({ launch, policy }).toEqual({ launch: null, policy: '0x30000' });
  expect(note).toContain('/dev/sev-guest');
});

test('nothing is asked about TDX', async () => {
  expect(await measured('tdx', {})).toMatchObject({ kind: 'tdx', launch: null, policy: null });
});

test('a guest that is not encrypted after all is told', async () => {
  const { note } = (await measured('sev', { 'query-sev': { enabled: false } })) ?? {};
  expect(note).toContain('not encrypted');
});

test('a refusal is an error, no missing measurement', async () => {
  const answers = {
    'query-sev': info,
    'query-sev-launch-measure': new Refusal('SEV is not in the right state'),
  };
  await expect(measured('sev', answers)).rejects.toMatchObject({ code: 'vmm-refused' });
});

test('other machines have none', async () => {
  expect(await measured(undefined, {})).toBeUndefined();
});
