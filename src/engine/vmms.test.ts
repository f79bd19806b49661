// SPDX-License-Identifier: Apache-2.0
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PhyllomeError } from '../contract/errors.ts';
import type { Architecture, VmmName } from '../contract/machine.ts';
import type { VmmClaim } from '../contract/vmm.ts';
import { hostArchitecture } from '../host/architecture.ts';
import type { Driver, Reason, Verdict } from '../vmm/driver.ts';
import { machine } from '../vmm/qemu/testing.ts';
import { openSettings } from './settings.ts';
import { sandbox } from './testing.ts';
import { judgeMachine, listVmms, useVmmDirectory } from './vmms.ts';

const own = hostArchitecture() ?? 'x86_64';
const paths = { machine: '/m', run: '/r', logs: '/l' };
const claim: VmmClaim = { feature: 'kvm', possible: 'yes', source: 'host', detail: '' };
const reason = (code: string): Reason => ({ code, text: `${code}.`, hint: `Mend ${code}.` });

interface Says extends Partial<Verdict> {
  /** Guests it is installed for; of other kinds it says that it is missing */
  installedFor?: readonly Architecture[];
  /** What it throws when it is asked */
  failure?: Error;
  seen?: Reason[];
}

function driver(name: VmmName, says: Says = {}): Driver {
  const { installedFor = [own], failure, refusals = [], losses = [], seen } = says;
  return {
    name,
    async probe(architecture) {
      if (failure !== undefined) throw failure;
      if (!installedFor.includes(architecture))
        throw new PhyllomeError('vmm-missing', { binary: name, install: `apt install ${name}` });
      return { vmm: name, binary: `/usr/bin/${name}`, version: '1.0' };
    },
    claims: () => [claim],
    judge: () => ({ refusals, losses }),
    ...(seen && { examine: async () => seen }),
    plan: () => {
      throw new Error('not asked for');
    },
    attach: () => Promise.reject(new Error('not asked for')),
  };
}

describe('the list', () => {
  test('shows every VMM for guests like this PC, and others only where they are installed', async () => {
    const others = (['x86_64', 'aarch64', 'riscv64'] as const).filter((one) => one !== own);
    const [first = 'riscv64'] = others;
    const list = await listVmms([driver('qemu', { installedFor: [own, first] }), driver('crosvm')]);
    expect(list.map(({ vmm, architecture }) => [vmm, architecture])).toEqual([
      ['qemu', own],
      ['crosvm', own],
      ['qemu', first],
    ]);
    expect(list[0]).toEqual({
      vmm: 'qemu',
      architecture: own,
      binary: '/usr/bin/qemu',
      version: '1.0',
      problem: null,
      claims: [claim],
    });
  });

  test('one that cannot be asked says why, with the facts of its error', async () => {
    const [missing, defect] = await listVmms([
      driver('crosvm', { installedFor: [] }),
      driver('firecracker', { failure: new TypeError('a defect') }),
    ]);
    expect(missing).toMatchObject({
      binary: null,
      version: null,
      claims: [],
      problem: { code: 'vmm-missing', facts: { install: 'apt install crosvm' } },
    });
    expect(defect?.problem).toMatchObject({ code: 'internal-error' });
  });
});

describe('the verdicts on a machine', () => {
  const judge = (definition: Parameters<typeof machine>[0], drivers: Driver[]) =>
    judgeMachine(machine(definition), drivers, paths);
  const outcomes = ({ verdicts }: Awaited<ReturnType<typeof judge>>) =>
    verdicts.map(({ vmm, outcome, chosen }) => [vmm, outcome, chosen]);

  test('the first that can is chosen, and the others are judged as well', async () => {
    const found = await judge({}, [
      driver('qemu', { refusals: [reason('no-x')], losses: [reason('no-y')] }),
      driver('cloud-hypervisor', { losses: [reason('no-z')] }),
      driver('crosvm', { installedFor: [] }),
      driver('firecracker'),
    ]);
    expect(outcomes(found)).toEqual([
      ['qemu', 'cannot', false],
      ['cloud-hypervisor', 'runs-with-losses', true],
      ['crosvm', 'cannot', false],
      ['firecracker', 'runs', false],
    ]);
    expect(found.pinned).toBe(false);
    expect(found.reason).toContain('cloud-hypervisor is the first');
    expect(found.verdicts[0]).toMatchObject({ refusals: [reason('no-x')], losses: [reason('no-y')] });
    expect(found.verdicts[2]).toMatchObject({ version: null, refusals: [{ code: 'vmm-missing' }] });
  });

  test('what a look into its files finds is a refusal', async () => {
    const found = await judge({}, [driver('crosvm', { seen: [reason('foreign-magic')] })]);
    expect(found.verdicts[0]).toMatchObject({ outcome: 'cannot', refusals: [reason('foreign-magic')] });
    expect(found.reason).toBe('No VMM on this PC can run it.');
  });

  test('a pinned machine takes that one, or none', async () => {
    const drivers = [driver('qemu'), driver('crosvm'), driver('firecracker', { refusals: [reason('no-x')] })];
    const able = await judge({ vmm: 'crosvm' }, drivers);
    expect(outcomes(able)).toEqual([
      ['qemu', 'runs', false],
      ['crosvm', 'runs', true],
      ['firecracker', 'cannot', false],
    ]);
    expect(able).toMatchObject({ pinned: true, reason: 'The definition names crosvm.' });
    const unable = await judge({ vmm: 'firecracker' }, drivers);
    expect(unable.verdicts.some(({ chosen }) => chosen)).toBe(false);
    expect(unable.reason).toBe('The definition names firecracker, which cannot run it.');
  });

  test('a micro machine has another order', async () => {
    const found = await judge({ board: 'micro' }, [driver('qemu'), driver('firecracker')]);
    expect(outcomes(found)).toEqual([
      ['firecracker', 'runs', true],
      ['qemu', 'runs', false],
    ]);
    expect(found.reason).toContain('firecracker is the smallest');
  });

  test('a defect of a driver is no verdict', async () => {
    await expect(judge({}, [driver('qemu', { failure: new TypeError('a defect') })])).rejects.toThrow(
      'a defect',
    );
  });
});

describe('the folder of VMMs', () => {
  test('is remembered, and forgotten again', async () => {
    await using box = await sandbox();
    const settings = openSettings(box.paths.settings);
    await settings.change((others) => ({ ...others, reserve: { threads: 1 } }));
    await useVmmDirectory(settings, box.root);
    expect(settings.read()).toEqual({ reserve: { threads: 1 }, vmmDirectory: box.root });
    await useVmmDirectory(settings, null);
    expect(settings.read()).toEqual({ reserve: { threads: 1 } });
  });

  test.each([
    ['relative', 'it is not an absolute path', async () => 'vmms'],
    ['missing', 'no such file', async (root: string) => join(root, 'missing')],
    [
      'a file',
      'it is not a folder',
      async (root: string) => {
        await writeFile(join(root, 'file'), '');
        return join(root, 'file');
      },
    ],
    [
      'writable by others, also behind a link',
      'other users may write into it',
      async (root: string) => {
        await mkdir(join(root, 'open'));
        await chmod(join(root, 'open'), 0o775);
        await symlink(join(root, 'open'), join(root, 'link'));
        return join(root, 'link');
      },
    ],
  ])('%s: refused, and nothing is changed', async (_, why, prepare) => {
    await using box = await sandbox();
    const settings = openSettings(box.paths.settings);
    await expect(useVmmDirectory(settings, await prepare(box.root))).rejects.toMatchObject({
      code: 'vmm-folder-refused',
      message: expect.stringMatching(new RegExp(why, 'i')),
    });
    expect(settings.read()).toEqual({ reserve: {} });
  });
});
