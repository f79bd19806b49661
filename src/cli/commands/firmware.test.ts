// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { FirmwareState } from '../../contract/catalog.ts';
import { fakeService, onTerminal, phyllome } from '../testing.ts';

const state: FirmwareState = {
  type: 'uefi',
  secureBoot: 'enforced',
  certificates: [
    {
      database: 'KEK',
      name: 'Some \u001b[31mKEK',
      issuer: 'A root',
      validUntil: '2038-03-02T20:31:35.000Z',
      sha256: 'a',
    },
    { database: 'dbx', name: 'cc', issuer: '', validUntil: null, sha256: 'cc' },
  ],
  microsoft2011: true,
  microsoft2023: false,
  warnings: ['Only those of 2011.'],
};
const answers = {
  'GET /machines/win/firmware': () => state,
  'POST /machines/win/firmware/enrol': () => ({ ...state, microsoft2023: true, warnings: ['Asks.'] }),
};

test('shows what is trusted, and hides what a guest wrote into names', async () => {
  await using service = await fakeService(answers);
  const { stdout, code } = await phyllome(service, ['firmware', 'win']);
  expect(code).toBe(0);
  expect(stdout).toBe(
    String.raw`firmware     UEFI
Secure Boot  on: only signed boot loaders are started
Microsoft    2011: enrolled, 2023: not enrolled

Only those of 2011.

IN   CERTIFICATE       UNTIL       ISSUED BY
KEK  Some \x1b[31mKEK  2038-03-02  A root

1 hash or other entry, which --json lists.
`,
  );
  const plainly = await phyllome(service, ['firmware', 'win', '--json']);
  expect(JSON.parse(plainly.stdout)).toEqual(state);
});

test('nothing is enrolled without a yes', async () => {
  await using service = await fakeService(answers);
  const refused = await phyllome(service, ['firmware', 'enroll', 'win']);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('--yes');
  const terminal = onTerminal(service, 'phyllome firmware enroll win; echo "ended $?"');
  await terminal.until(/BitLocker[^]*Enroll Microsoft's certificates of 2023 into win\? \[y\/N\]/);
  terminal.type('n\r');
  await terminal.until(/Nothing was changed/);
  await terminal.end();
  expect(service.requests).toEqual([]);
});

test('--yes enrolls, and passes on what the service warns of', async () => {
  await using service = await fakeService(answers);
  expect(await phyllome(service, ['firmware', 'enroll', 'win', '--yes'])).toEqual({
    stdout: "win trusts Microsoft's certificates of 2023. Nothing that it trusted was removed.\nAsks.\n",
    stderr: '',
    code: 0,
  });
});
