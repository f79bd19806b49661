// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { PhyllomeError } from '../../contract/errors.ts';
import { vmmNames } from '../../contract/machine.ts';
import { vmmFeatures, type MachineVerdicts, type VmmClaim, type VmmOverview } from '../../contract/vmm.ts';
import { displayWidth } from '../terminal/text-table.ts';
import { fakeService, phyllome } from '../testing.ts';
import { featureWords } from '../../contract/feature-words.ts';
import { sourceWords } from '../vmm-words.ts';
import { verdictsLines } from './verdicts-text.ts';
import { vmmLines, vmmsLines } from './vmms-text.ts';

const piped = { style: (_: string, text: string) => text, terminal: false };
const onTerminal = { style: (style: string, text: string) => `<${style}>${text}</>`, terminal: true };

const claims: VmmClaim[] = [
  { feature: 'kvm', possible: 'yes', source: 'host', detail: '' },
  { feature: 'uefi', possible: 'partly', source: 'version', detail: 'only with CLOUDHV.fd' },
  { feature: 'display', possible: 'no', source: 'design', detail: `${'long '.repeat(30)}evil\u001b[2J` },
];
const usable = (vmm: VmmOverview['vmm'], changes: Partial<VmmOverview> = {}): VmmOverview => ({
  vmm,
  architecture: 'x86_64',
  binary: `/usr/bin/${vmm}`,
  version: '1.2.3',
  problem: null,
  claims,
  ...changes,
});
const facts = { vmm: 'crosvm', program: 'crosvm', looked: 'PATH', source: 'build it from its sources' };
const missing = usable('crosvm', {
  binary: null,
  version: null,
  claims: [],
  problem: new PhyllomeError('vmm-not-found', facts).report(),
});

describe('the table', () => {
  test('for a program or a file, in words', () => {
    const list = [usable('qemu'), usable('cloud-hypervisor'), missing];
    expect(`\n${vmmsLines(list, false, piped).join('\n')}`).toMatchInlineSnapshot(`
      "
      VMM               VERSION  WHERE
      qemu              1.2.3    /usr/bin/qemu
      cloud-hypervisor  1.2.3    /usr/bin/cloud-hypervisor
      crosvm            -        not usable

      crosvm
        crosvm is not installed: there is no program crosvm in PATH.
        Put the program (build it from its sources) into one of these folders, or name
        the folder it is in: phyllome vmms --folder FOLDER

      WHAT                        qemu    cloud-hypervisor
      KVM (guests at full speed)  yes     yes
      UEFI                        partly  partly
      Screen                      no      no

      "phyllome vmms NAME" says why, and how that is known."
    `);
  });

  test('on a terminal with signs and colours, and what they mean', () => {
    const text = vmmsLines([usable('qemu')], false, onTerminal).join('\n');
    expect(text).toContain('KVM (guests at full speed)  <green>✓</>');
    expect(text).toContain('<yellow>~</>');
    expect(text).toContain('<red>✗</>');
    expect(text).toContain('✓ yes, ~ partly, ✗ no.');
  });

  test('four VMMs with every feature fit on 80 columns', () => {
    const everything = vmmFeatures.map((feature): VmmClaim => ({
      feature,
      possible: 'partly',
      source: 'asked',
      detail: '',
    }));
    const list = [...vmmNames.map((vmm) => usable(vmm, { claims: everything })), missing];
    for (const line of vmmsLines(list, true, piped)) expect(displayWidth(line)).toBeLessThanOrEqual(80);
  });

  test('guests of other architectures are mentioned, and shown when asked for', () => {
    const list = [usable('qemu'), usable('qemu', { architecture: 'riscv64', binary: '/usr/bin/other' })];
    const short = vmmsLines(list, false, piped).join('\n');
    expect(short).not.toContain('/usr/bin/other');
    expect(short).toContain('Guests of other architectures can run as well: riscv64.');
    const whole = vmmsLines(list, true, piped).join('\n');
    expect(whole).toMatch(/For x86_64 guests[^]*For riscv64 guests[^]*\/usr\/bin\/other/);
  });
});

describe('one VMM', () => {
  test('with every claim, its source and its detail, which cannot command the terminal', () => {
    expect(`\n${vmmLines(usable('qemu'), piped).join('\n')}`).toMatchInlineSnapshot(`
      "
      qemu 1.2.3 for x86_64 guests: /usr/bin/qemu

      WHAT                                HOW IT IS KNOWN
      KVM (guests at full speed)  yes     found out on this PC
      UEFI                        partly  known of this version
          only with CLOUDHV.fd
      Screen                      no      not possible by its design
          long long long long long long long long long long long long long long long
          long long long long long long long long long long long long long long long
          evil\\x1b[2J"
    `);
  });

  test('that is not there: how to get it', () => {
    expect(`\n${vmmLines(missing, piped).join('\n')}`).toMatchInlineSnapshot(`
      "
      crosvm for x86_64 guests cannot be used
        crosvm is not installed: there is no program crosvm in PATH.
        Put the program (build it from its sources) into one of these folders, or name
        the folder it is in: phyllome vmms --folder FOLDER"
    `);
  });

  test('every feature has words of its own that leave room for four VMMs, and every source has words', () => {
    const words = vmmFeatures.map((feature) => featureWords[feature]);
    expect(new Set(words).size).toBe(vmmFeatures.length);
    for (const text of words) expect(text.length).toBeLessThanOrEqual(34);
    expect(sourceWords({ source: 'design', possible: 'no' })).toBe('not possible by its design');
    expect(sourceWords({ source: 'design', possible: 'yes' })).toBe('so by its design');
  });
});

const verdicts: MachineVerdicts = {
  pinned: false,
  reason: 'cloud-hypervisor is the first in the order of preference that can run it.',
  verdicts: [
    {
      vmm: 'qemu',
      version: null,
      outcome: 'cannot',
      chosen: false,
      refusals: [{ code: 'vmm-missing', text: 'qemu is not installed.', hint: 'Install it.' }],
      losses: [],
    },
    {
      vmm: 'cloud-hypervisor',
      version: '52.0',
      outcome: 'runs-with-losses',
      chosen: true,
      refusals: [],
      losses: [
        {
          code: 'no-display',
          text: 'A screen is not possible with cloud-hypervisor: it is made for servers, which have none.',
          hint: 'Use the serial console, or remote desktop inside the guest. QEMU has a screen.',
        },
      ],
    },
    { vmm: 'crosvm', version: '1', outcome: 'runs', chosen: false, refusals: [], losses: [] },
  ],
};

describe('the verdicts on a machine', () => {
  test('in words', () => {
    expect(`\n${verdictsLines('my tiny', verdicts, piped).join('\n')}`).toMatchInlineSnapshot(`
      "
      qemu cannot run it
        - qemu is not installed.
          Install it.
          vmm-missing

      cloud-hypervisor 52.0 runs it, with these losses; a start takes this one
        - A screen is not possible with cloud-hypervisor: it is made for servers,
          which have none.
          Use the serial console, or remote desktop inside the guest. QEMU has a
          screen.
          no-display

      crosvm 1 runs it as it is

      cloud-hypervisor is the first in the order of preference that can run it.
      It is chosen at each start; "phyllome set 'my tiny' vmm=NAME" pins one."
    `);
  });

  test('a pinned one is told the way back', () => {
    const text = verdictsLines('tiny', { ...verdicts, pinned: true }, piped).join('\n');
    expect(text).toContain('It is pinned; "phyllome set tiny vmm=auto" has one chosen at each start.');
  });
});

describe('the commands', () => {
  const list = [usable('qemu'), missing, usable('qemu', { architecture: 'riscv64' })];
  async function service() {
    const folders: unknown[] = [];
    const fake = await fakeService({
      'GET /vmms': () => list,
      'PUT /vmms/directory': ({ body }) => {
        folders.push(body);
        return list;
      },
      'GET /machines/tiny/vmms': () => verdicts,
    });
    onTestFinished(() => fake[Symbol.asyncDispose]());
    return { fake, folders };
  }

  test.each([
    [['vmms'], list],
    [['vmms', 'CROSVM'], [missing]],
    [['show', 'tiny', '--vmms'], verdicts],
  ])('%j --json passes the report of the service through', async (words, report) => {
    const { fake } = await service();
    const { stdout } = await phyllome(fake, [...words, '--json']);
    expect(JSON.parse(stdout)).toEqual(report);
  });

  test('a folder is told as a whole path', async () => {
    const { fake, folders } = await service();
    const told = await phyllome(fake, ['vmms', '--folder', join(fake.root, 'here/../vmms')]);
    expect(told).toMatchObject({ code: 0, stdout: expect.stringContaining('/usr/bin/qemu') });
    expect(folders).toEqual([{ directory: join(fake.root, 'vmms') }]);
  });

  test('and is forgotten', async () => {
    const { fake, folders } = await service();
    await phyllome(fake, ['vmms', '--no-folder']);
    expect(folders).toEqual([{ directory: null }]);
  });

  test.each([
    [['vmms', 'quemu'], 'Did you mean "qemu"?'],
    [['vmms', '--folder', '/a', '--no-folder'], 'exclude each other'],
  ])('%j is a mistake of use', async (words, reason) => {
    const { fake, folders } = await service();
    expect(await phyllome(fake, words)).toMatchObject({ code: 2, stderr: expect.stringContaining(reason) });
    expect(folders).toEqual([]);
  });
});
