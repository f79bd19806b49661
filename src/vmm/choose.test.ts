// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { PhyllomeError } from '../contract/errors.ts';
import { chooseDriver } from './choose.ts';
import type { VmmName } from '../contract/machine.ts';
import type { Driver, Reason } from './driver.ts';
import { machine } from './qemu/testing.ts';

function driver(
  name: VmmName,
  refusals: Reason[] = [],
  failure?: PhyllomeError,
): Driver & { probes: number } {
  const made = {
    name,
    probes: 0,
    async probe() {
      made.probes += 1;
      if (failure !== undefined) throw failure;
      return { vmm: name, binary: `/usr/bin/${name}`, version: '1' };
    },
    claims: () => [],
    judge: () => ({ refusals, losses: [] }),
    plan: () => {
      throw new Error('not asked for');
    },
    attach: () => Promise.reject(new Error('not asked for')),
  };
  return made;
}

const reason = (code: string): Reason => ({
  code,
  text: `Because of ${code}.`,
  hint: `Do something about ${code}.`,
});
const paths = { machine: '/m', run: '/r', logs: '/l' };
const missing = new PhyllomeError('vmm-missing', { binary: 'qemu', install: 'apt' });

test('the first that can, and no other is asked', async () => {
  const [first, second] = [driver('qemu'), driver('crosvm')];
  const choice = await chooseDriver(machine(), [first, second], paths);
  expect(choice.driver).toBe(first);
  expect(choice.reasons).toEqual([]);
  expect(second.probes).toBe(0);
});

test('the next one when the first cannot, with the reasons', async () => {
  const second = driver('crosvm');
  const refused = await chooseDriver(machine(), [driver('qemu', [reason('x')]), second], paths);
  expect(refused.driver).toBe(second);
  expect(refused.reasons).toEqual([reason('x')]);
  const absent = await chooseDriver(machine(), [driver('qemu', [], missing), second], paths);
  expect(absent.driver).toBe(second);
  expect(absent.reasons.map(({ code }) => code)).toEqual(['vmm-missing']);
});

test('only the one that the definition wants', async () => {
  const first = driver('qemu');
  const second = driver('crosvm', [reason('x')]);
  await expect(chooseDriver(machine({ vmm: 'crosvm' }), [first, second], paths)).rejects.toMatchObject({
    code: 'no-vmm',
  });
  expect(first.probes).toBe(0);
});

test('every reason of every driver, and what to do', async () => {
  const drivers = [driver('qemu', [reason('x'), reason('y')]), driver('crosvm', [], missing)];
  const error = await chooseDriver(machine({ name: 'trial' }), drivers, paths).catch(PhyllomeError.from);
  expect(error).toMatchObject({ code: 'no-vmm', facts: { name: 'trial', codes: ['x', 'y', 'vmm-missing'] } });
  const { message, hint } = error as PhyllomeError;
  expect(message).toContain('Because of x. Because of y. qemu is not installed.');
  expect(hint).toContain('Do something about x. Do something about y.');
});

test('a single cause is passed through as it is', async () => {
  await expect(chooseDriver(machine(), [driver('qemu', [], missing)], paths)).rejects.toBe(missing);
  await expect(
    chooseDriver(machine({ vmm: 'qemu' }), [driver('qemu', [], missing), driver('crosvm')], paths),
  ).rejects.toBe(missing);
});

test('a micro machine goes to the smallest VMM that can', async () => {
  const drivers = [driver('qemu'), driver('cloud-hypervisor'), driver('firecracker', [reason('x')])];
  const choice = await chooseDriver(machine({ board: 'micro' }), drivers, paths);
  expect(choice.driver.name).toBe('cloud-hypervisor');
  expect(choice.reasons).toEqual([reason('x')]);
});

test("a refusal that takes a look into the machine's files counts", async () => {
  const first = { ...driver('qemu'), examine: async () => [reason('y')] };
  const choice = await chooseDriver(machine(), [first, driver('crosvm')], paths);
  expect(choice.driver.name).toBe('crosvm');
  expect(choice.reasons).toEqual([reason('y')]);
});
