// SPDX-License-Identifier: Apache-2.0
//
// Brings a real QEMU to where it waits to be let go, without a service around it.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { parseDefinition } from '../../src/contract/definition.ts';
import type { MachineDefinition } from '../../src/contract/machine.ts';
import type { LaunchPlan } from '../../src/contract/plan.ts';
import { createImage } from '../../src/disk/create.ts';
import { makeFromTemplate } from '../../src/disk/template.ts';
import { makePipe } from '../../src/engine/named-pipe.ts';
import { reap, startHelper, startProcess } from '../../src/engine/supervisor.ts';
import type { MachinePaths, ProcessExit, Verdict, VmmEvent } from '../../src/vmm/driver.ts';
import { createQemuDriver } from '../../src/vmm/qemu/index.ts';
import type { QemuReport } from '../../src/vmm/qemu/report.ts';

export interface Launched extends AsyncDisposable {
  definition: MachineDefinition;
  report: QemuReport;
  plan: LaunchPlan;
  paths: MachinePaths;
  session: Awaited<ReturnType<ReturnType<typeof createQemuDriver>['attach']>>;
  events: VmmEvent[];
  /** Resolves once an event of this type has come, also when it did before */
  event(type: VmmEvent['type']): Promise<VmmEvent>;
  pid: number;
  ended: Promise<ProcessExit>;
  log(): Promise<string>;
}

/** The driver will not plan this here. */
export class Refused extends Error {
  readonly codes: string[];

  constructor({ refusals }: Verdict) {
    super(refusals.map(({ text }) => text).join(' '));
    this.codes = refusals.map(({ code }) => code);
  }
}

export interface LaunchOptions {
  /** Stands in for a part of the report, to try what this PC does not have */
  report?: Partial<QemuReport>;
  /** Name of the folder that everything is in */
  folder?: string;
}

// What QEMU says about itself does not change between tests.
const answersCache = join(import.meta.dirname, '../../node_modules/.cache/phyllome-tests/qemu');

const minimal = {
  formatVersion: 1,
  id: '6f1c2b3a-1111-4111-8111-111111111111',
  name: 'trial',
  architecture: 'x86_64',
  memory: '64MiB',
  boot: { type: 'bios' },
};

/** Starts the machine with this definition; files that it names and that are relative are made, with no content. */
export async function launch(draft: object, options: LaunchOptions = {}): Promise<Launched> {
  const root = await mkdtemp(join(tmpdir(), 'ph-'));
  await using undo = new AsyncDisposableStack();
  undo.defer(() => rm(root, { recursive: true, force: true }));
  const base = join(root, options.folder ?? 'x');
  const paths = { machine: join(base, 'machine'), run: join(base, 'run/6f1c2b3a'), logs: join(base, 'logs') };
  for (const directory of [paths.machine, paths.run, paths.logs])
    await mkdir(directory, { recursive: true, mode: 0o700 });

  const definition = parseDefinition({ ...minimal, ...draft });
  await makeFiles(definition, paths.machine);
  const driver = createQemuDriver({
    cacheDirectory: answersCache,
    runtimeDirectory: join(base, 'run'),
  });
  const report = { ...(await driver.probe(definition.architecture)), ...options.report };
  const verdict = driver.judge(definition, report);
  if (verdict.refusals.length > 0) throw new Refused(verdict);
  const plan = driver.plan(definition, report, paths);
  for (const directory of plan.directories) await mkdir(directory, { recursive: true, mode: 0o700 });
  for (const pipe of plan.pipes) await makePipe(pipe);
  for (const file of plan.files) await makeFromTemplate(file);

  undo.defer(() => reap(plan));
  for (const helper of plan.helpers) await startHelper(plan, helper);
  const vmm = await startProcess(plan, plan.process);
  const log = () => readFile(plan.process.log, 'utf8');
  const events: VmmEvent[] = [];
  const waiting = new Set<() => void>();
  const onEvent = (event: VmmEvent): void => {
    events.push(event);
    for (const wake of waiting) wake();
  };
  const died = new AbortController();
  void vmm.ended.then(() => died.abort());
  const session = await driver.attach(plan, onEvent, died.signal).catch(async (error: unknown) => {
    throw new Error(`QEMU did not start: ${await log()}\n${plan.process.command.join('\n')}`, {
      cause: error,
    });
  });
  const event = async (type: VmmEvent['type']): Promise<VmmEvent> => {
    for (;;) {
      const found = events.find((candidate) => candidate.type === type);
      if (found !== undefined) return found;
      await new Promise<void>((wake) => waiting.add(wake));
    }
  };
  const all = undo.move();
  return {
    definition,
    report,
    plan,
    paths,
    session,
    events,
    event,
    log,
    pid: vmm.pid,
    ended: vmm.ended,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

async function makeFiles({ disks, removable, boot }: MachineDefinition, directory: string): Promise<void> {
  for (const folder of ['disks', 'iso', 'kernel']) await mkdir(join(directory, folder), { recursive: true });
  for (const { file, format, size } of disks) {
    await createImage({ file: join(directory, file), format, size: size ?? 2 ** 20 });
  }
  for (const { file } of removable)
    if (file !== undefined) await writeFile(join(directory, file), Buffer.alloc(65_536));
  if (boot.type === 'kernel' && !isAbsolute(boot.kernel))
    await writeFile(join(directory, boot.kernel), noKernel());
}

/** Enough of an x86 kernel image (a boot sector that halts) for QEMU to load it. */
function noKernel(): Buffer {
  const image = Buffer.alloc(8192);
  image.writeUInt8(1, 0x1f1); // setup_sects
  image.writeUInt16LE(0xaa55, 0x1fe);
  image.write('HdrS', 0x202);
  image.writeUInt16LE(0x20c, 0x206); // boot protocol
  image.writeUInt8(1, 0x211); // loaded high
  return image;
}
