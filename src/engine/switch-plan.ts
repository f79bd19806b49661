// SPDX-License-Identifier: Apache-2.0
//
// What a move to another VMM would do, found out without changing anything.
import { existsSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { PhyllomeError } from '../contract/errors.ts';
import type { MachineDefinition, VmmName } from '../contract/machine.ts';
import { machineFiles } from '../contract/paths.ts';
import type { SwitchPlan, SwitchRequest } from '../contract/switch.ts';
import { measure } from '../disk/convert.ts';
import { hasFallbackLoader } from '../disk/fallback-loader.ts';
import { requireFstest } from '../disk/guest-kernel/fstest.ts';
import { inspectImage } from '../disk/inspect.ts';
import { locate } from '../disk/locate.ts';
import { headerLength, readQcow2Header } from '../disk/qcow2-header.ts';
import { readSome } from '../disk/read-some.ts';
import { opinionOf } from '../vmm/choose.ts';
import type { Driver, MachinePaths, Reason, Verdict } from '../vmm/driver.ts';
import { changeText } from './definition-change.ts';
import { readDefinitionText, revisionOf } from './definition-file.ts';
import { requireSpace } from './free-space.ts';
import { resolveGuestKernel } from './guest-kernel.ts';
import type { StoredMachine } from './store.ts';
import {
  backDefinition,
  switchedDefinition,
  type Conversion,
  type SwitchedDefinition,
} from './switched-definition.ts';
import type { SwitchJournal } from './switch-journal.ts';

/** A move that is thought through. */
export interface PreparedSwitch {
  back: boolean;
  /** null: the way back to a definition that leaves the choice open */
  driver: Driver | null;
  /** Text of machine.yaml now and then */
  text: string;
  revision: string;
  newText: string;
  conversions: Conversion[];
  plan: SwitchPlan;
}

export interface SwitchSurroundings {
  drivers: readonly Driver[];
  pathsOf: (machine: StoredMachine) => MachinePaths;
}

/**
 * @param pending the record of a switch whose first start is still to come
 * @throws PhyllomeError `switch-nothing-back`, `bad-request`, `definition-invalid`
 */
export async function prepareSwitch(
  machine: StoredMachine,
  definition: MachineDefinition,
  text: string,
  request: SwitchRequest,
  pending: SwitchJournal | null,
  surroundings: SwitchSurroundings,
): Promise<PreparedSwitch> {
  const { vmm, back = false } = request;
  if (back === (vmm !== undefined))
    throw new PhyllomeError('bad-request', { reason: 'name a VMM, or ask for the way back' });
  const before = back ? definitionBefore(machine, pending) : null;
  const wanted = before === null ? (vmm as VmmName) : before.vmm;
  const driver = surroundings.drivers.find(({ name }) => name === wanted) ?? null;
  const refusals: Reason[] = [];

  const switched: SwitchedDefinition =
    before === null
      ? await thereFrom(machine, definition, wanted as VmmName, driver, request.guestKernel ?? false)
      : { changes: backDefinition(definition, before), conversions: [], notes: [] };
  const changed = changeText(text, switched.changes);
  if (switched.changes.length === 0)
    refusals.push({
      code: 'switch-unneeded',
      text: `${machine.name} is set up for ${wanted} already.`,
      hint: 'Start it with "phyllome start".',
    });

  const disks = await examineDisks(machine, definition, switched.conversions, refusals);
  await examineKernel(machine, changed.definition, switched.conversions, refusals);
  const verdict = await judgeSwitched(machine, changed.definition, switched.conversions, surroundings);
  refusals.push(...verdict.refusals);
  return {
    back,
    driver,
    text,
    revision: revisionOf(text),
    newText: changed.text,
    conversions: switched.conversions,
    plan: {
      from: definition.vmm,
      to: wanted,
      changes: switched.changes.map(({ path, value }) => ({
        key: keyText(path),
        before: valueText(valueAt(definition, path)),
        after: valueText(value),
      })),
      disks,
      refusals,
      losses: verdict.losses,
      notes: switched.notes,
    },
  };
}

/** @throws PhyllomeError `switch-nothing-back`, `definition-invalid`, `definition-unreadable` */
function definitionBefore(
  { name, directory }: StoredMachine,
  pending: SwitchJournal | null,
): MachineDefinition {
  if (pending !== null && !pending.back) return readDefinitionText(pending.before);
  const file = join(directory, machineFiles.beforeSwitch);
  if (!existsSync(file)) throw new PhyllomeError('switch-nothing-back', { name });
  return readDefinitionText(readFileSync(file, 'utf8'));
}

async function thereFrom(
  { directory }: StoredMachine,
  definition: MachineDefinition,
  vmm: VmmName,
  driver: Driver | null,
  guestKernel: boolean,
): Promise<SwitchedDefinition> {
  const { architecture, boot, disks } = definition;
  const [first] = disks;
  const fallbackLoader =
    boot.type === 'uefi' &&
    first !== undefined &&
    (await hasFallbackLoader(locate(directory, first.file), first.format, architecture));
  const exists = (file: string): boolean => existsSync(locate(directory, file));
  const uefi = boot.type === 'uefi' && driver !== null && (await canUefi(driver, definition));
  return switchedDefinition(definition, vmm, { uefi, fallbackLoader, guestKernel, exists });
}

async function canUefi(driver: Driver, { architecture }: MachineDefinition): Promise<boolean> {
  try {
    const claims = driver.claims(await driver.probe(architecture));
    return claims.some(({ feature, possible }) => feature === 'uefi' && possible !== 'no');
  } catch {
    // What keeps it from being asked is among the refusals.
    return false;
  }
}

/** The disks that are to be converted: whole, readable, and with room for a copy. */
async function examineDisks(
  { directory }: StoredMachine,
  { disks }: MachineDefinition,
  conversions: readonly Conversion[],
  refusals: Reason[],
): Promise<SwitchPlan['disks']> {
  const found: SwitchPlan['disks'] = [];
  let total = 0;
  for (const { disk, file, copy } of conversions) {
    const path = locate(directory, file);
    const format = disks[disk]?.format ?? 'qcow2';
    try {
      await inspectImage({ file: path, format, directory });
      refusals.push(...(await insideReasons(path, file)));
      const { needed } = await measure({ file: path, format });
      total += needed;
      found.push({ file, copy, bytes: needed });
    } catch (error) {
      refusals.push(reasonFrom(error));
    }
  }
  if (total > 0)
    await requireSpace(directory, total, 'the raw disks').catch(
      (error) => void refusals.push(reasonFrom(error)),
    );
  return found;
}

/** What a raw image cannot keep. */
async function insideReasons(path: string, file: string): Promise<Reason[]> {
  await using handle = await open(path);
  const { size } = await handle.stat();
  const header = readQcow2Header(await readSome(handle, 0, headerLength), size);
  if (typeof header === 'string') return [];
  const reasons: Reason[] = [];
  if (header.snapshots > 0)
    reasons.push({
      code: 'disk-snapshots',
      text: `The disk ${file} keeps ${header.snapshots} snapshot(s), which a raw disk cannot hold.`,
      hint: `Remove them if you no longer need them: qemu-img snapshot -d NAME "${file}".`,
    });
  if (header.encrypted)
    reasons.push({
      code: 'disk-encrypted',
      text: `The disk ${file} is encrypted by QEMU, and only QEMU can read it.`,
      hint: 'Keep it on QEMU.',
    });
  return reasons;
}

/** Whether the guest has a kernel that could be started, as far as it can be told before the disk is raw. */
async function examineKernel(
  { directory }: StoredMachine,
  switched: MachineDefinition,
  conversions: readonly Conversion[],
  refusals: Reason[],
): Promise<void> {
  if (switched.boot.type !== 'guest-kernel') return;
  try {
    requireFstest();
    if (!conversions.some(({ disk }) => disk === 0)) await resolveGuestKernel(switched, directory, 'look');
  } catch (error) {
    refusals.push(reasonFrom(error));
  }
}

/** What the VMM says of the machine as it would be. Files that are still to be made are not examined. */
async function judgeSwitched(
  machine: StoredMachine,
  switched: MachineDefinition,
  conversions: readonly Conversion[],
  { drivers, pathsOf }: SwitchSurroundings,
): Promise<Verdict> {
  const candidates = drivers.filter(({ name }) => switched.vmm === 'auto' || name === switched.vmm);
  const refusals: Reason[] = [];
  for (const candidate of candidates) {
    const examinable = conversions.length === 0 && switched.boot.type !== 'guest-kernel';
    const driver = examinable ? candidate : withoutExamine(candidate);
    const { verdict } = await opinionOf(driver, switched, pathsOf(machine));
    if (verdict.refusals.length === 0) return verdict;
    refusals.push(...verdict.refusals);
  }
  if (candidates.length === 0)
    refusals.push({
      code: 'vmm-unknown',
      text: `${switched.vmm} is not known here.`,
      hint: 'See "phyllome vmms".',
    });
  return { refusals, losses: [] };
}

function withoutExamine({ examine: _, ...driver }: Driver): Driver {
  return driver;
}

function reasonFrom(thrown: unknown): Reason {
  const { code, message, hint } = PhyllomeError.from(thrown);
  return { code, text: message, hint };
}

function keyText(path: readonly (string | number)[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : index === 0 ? key : `.${key}`))
    .join('');
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (found, key) => (found as Record<string | number, unknown> | undefined)?.[key],
    value,
  );
}

function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([key, part]) => (key === 'type' ? String(part) : `${key} ${String(part)}`))
      .join(', ');
  return value === undefined ? '' : JSON.stringify(value);
}
