// SPDX-License-Identifier: Apache-2.0
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FixPlan, JournalEntry, UndoPlan } from '../../contract/fix.ts';
import { fakeService, onTerminal, phyllome } from '../testing.ts';

const isRoot = process.getuid?.() === 0;
const digest = '0'.repeat(64);

const plan: FixPlan = {
  id: 'memlock-limit',
  title: 'Allow guests to lock memory',
  why: 'Because.',
  state: 'applicable',
  explanation: 'It is not allowed.',
  next: '',
  user: 'ada',
  files: [{ path: '/etc/x', before: null, after: 'a\n', mode: 0o644 }],
  commands: [
    {
      argv: ['/usr/sbin/tool', 'a b'],
      why: 'Does it',
      touches: ['/etc/secret'],
      expected: [],
      undo: null,
      regenerates: false,
      undoMayFail: false,
    },
  ],
  notes: ['Log in again.'],
  needsReboot: false,
  needsLogin: true,
  diff: 'new file mode 100644\n--- /dev/null\n+++ b/etc/x\n@@ -0,0 +1 @@\n+a\u001b]0;evil\u0007\n',
  digest,
};
const entry: JournalEntry = {
  id: '20260101-000000-memlock-limit',
  at: '2026-01-01T00:00:00Z',
  fix: 'memlock-limit',
  title: plan.title,
  user: 'ada',
  state: 'applied',
  changes: ['made /etc/x'],
};
const undoPlan: UndoPlan = {
  entry,
  files: [],
  restores: ['/etc/secret'],
  commands: [['/usr/sbin/tool', '-r']],
  changed: ['/etc/x'],
  notes: [],
  diff: '',
  digest,
};
const answers = {
  'GET /fixes': () => [plan, { ...plan, id: 'kvm-group', state: 'done', diff: '' }],
  'GET /fixes/memlock-limit': () => plan,
  'GET /fixes/kvm-group': () => ({ ...plan, state: 'done', explanation: 'It is so already.', diff: '' }),
  'GET /fixes/kvm-udev': () => ({ ...plan, state: 'refused', explanation: 'No udev.', next: 'By hand.' }),
  'GET /journal': () => [{ ...entry, id: '20260102-000000-memlock-limit', state: 'undone' }, entry],
  [`GET /journal/${entry.id}/undo`]: () => undoPlan,
};

describe('doctor --fix', () => {
  test('without a terminal: shows everything and the command, and does nothing', async () => {
    await using service = await fakeService(answers);
    const { code, stdout } = await phyllome(service, ['doctor', '--fix', 'memlock-limit']);
    expect(code).toBe(0);
    expect(stdout).toContain('+++ b/etc/x\n');
    expect(stdout).toContain("/usr/sbin/tool 'a b'    # Does it");
    expect(stdout).toContain('/etc/secret');
    expect(stdout).toContain('Nothing was changed. This does it:');
    expect(stdout).toMatch(new RegExp(`root-main.ts apply memlock-limit --user ada --digest ${digest}\n`));
    expect(stdout).toContain(String.raw`+a\x1b]0;evil\x07`);
  });

  test('as JSON: the plan and the command as a list', async () => {
    await using service = await fakeService(answers);
    const { stdout } = await phyllome(service, ['doctor', '--fix', 'memlock-limit', '--json']);
    const { command, ...rest } = JSON.parse(stdout) as FixPlan & { command: string[] };
    expect(rest).toEqual(plan);
    expect(command.slice(-6)).toEqual(['apply', 'memlock-limit', '--user', 'ada', '--digest', digest]);
  });

  test('nothing to do, and nothing that could be done', async () => {
    await using service = await fakeService(answers);
    const done = await phyllome(service, ['doctor', '--fix', 'kvm-group', '--yes']);
    expect([done.code, done.stdout]).toEqual([0, expect.stringContaining('Nothing is to be changed.')]);
    const refused = await phyllome(service, ['doctor', '--fix', 'kvm-udev', '--yes']);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('No udev.\nBy hand.')]);
  });

  test('without a name: all of them', async () => {
    await using service = await fakeService(answers);
    const { stdout } = await phyllome(service, ['doctor', '--fix']);
    expect(stdout).toContain('Do it with: phyllome doctor --fix memlock-limit');
    expect(stdout).toContain('kvm-group: nothing to do.');
  });

  test('on a terminal: asks, and only a yes is one', async () => {
    await using service = await fakeService(answers);
    for (const answer of ['n\r', '\r', '\u0004', '\u0003']) {
      const terminal = onTerminal(service, 'phyllome doctor --fix memlock-limit; echo "ended with $?"');
      await terminal.until(/Change this PC like that\? \[y\/N\]/);
      terminal.type(answer);
      const screen = await terminal.end();
      expect(screen).toContain('Nothing was changed.');
      expect(screen).toContain(answer === '\u0003' ? 'ended with 130' : 'ended with 0');
    }
  });

  // The root part makes the plan itself, and this one it does not come to.
  test.runIf(isRoot)('root: what was shown is compared with what is', async () => {
    await using service = await fakeService(answers);
    const { code, stderr } = await phyllome(service, ['doctor', '--fix', 'memlock-limit', '--yes']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('no longer what was shown')]);
  });

  test.skipIf(isRoot)('another user: by sudo, whose refusal is told', async () => {
    await using service = await fakeService(answers);
    const tools = join(service.root, 'tools');
    mkdirSync(tools);
    const sudo = (script: string) => {
      writeFileSync(join(tools, 'sudo'), `#!/bin/sh\n${script}\n`);
      chmodSync(join(tools, 'sudo'), 0o755);
      const env = { PATH: `${tools}:${process.env['PATH'] ?? ''}` };
      return phyllome(service, ['doctor', '--fix', 'memlock-limit', '--yes'], { env });
    };
    const done = await sudo(
      `[ "$1 $4" = "-- apply" ] && echo '{"entry":"step-1","kept":[],"notes":["Log in."]}'`,
    );
    expect([done.code, done.stdout]).toEqual([0, expect.stringContaining('phyllome undo step-1')]);
    const refused = await sudo('echo "ada is not in the sudoers file" >&2; exit 1');
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('Only root can do this')]);
  });
});

describe('undo', () => {
  test('the last step that was not undone: shows what would be put back', async () => {
    await using service = await fakeService(answers);
    const { code, stdout } = await phyllome(service, ['undo']);
    expect(code).toBe(0);
    expect(stdout).toContain('/etc/secret');
    expect(stdout).toContain('/usr/sbin/tool -r');
    expect(stdout).toMatch(/changed since:\n {2}\/etc\/x\n/);
    expect(stdout).toMatch(new RegExp(`root-main.ts undo ${entry.id} --digest ${digest}\n`));
    const forced = await phyllome(service, ['undo', entry.id, '--force']);
    expect(forced.stdout).toContain(`--digest ${digest} --force\n`);
  });

  test('all steps, and none', async () => {
    await using service = await fakeService(answers);
    const { stdout } = await phyllome(service, ['undo', '--list']);
    expect(stdout).toMatch(/20260102-000000-memlock-limit +undone +Allow/);
    await using empty = await fakeService({ 'GET /journal': () => [] });
    expect((await phyllome(empty, ['undo', '--list'])).stdout).toContain('Nothing was changed');
    const nothing = await phyllome(empty, ['undo']);
    expect([nothing.code, nothing.stderr]).toEqual([1, expect.stringContaining('nothing to undo')]);
  });
});
