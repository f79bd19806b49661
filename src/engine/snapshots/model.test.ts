// SPDX-License-Identifier: Apache-2.0
//
// Any operations in any order on a machine with real images: whatever was kept is there bit for bit until it is deleted, and
// no operation takes a file that something else needs. PHYLLOME_MODEL_RUNS=200 looks longer.
import { existsSync, linkSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { imageChain } from '../../disk/chain.ts';
import { openBench, type Bench, type Content } from './testing.ts';

const runs = Number(process.env['PHYLLOME_MODEL_RUNS'] ?? 4);
const KiB = 1024;

interface Model {
  now: Content;
  /** What each snapshot has to hold, by its id */
  kept: Map<string, Content>;
  /** Copies by hard links, as a linked clone has them: what their images have to show */
  clones: Map<string, string>;
  /** The snapshot that was cloned last: where deleting it is most likely to do harm */
  cloned: string;
}

type Command = fc.AsyncCommand<Model, Bench>;

/** What follows each command: everything is still as it was. */
async function check(model: Model, it: Bench): Promise<void> {
  await it.settle();
  expect(it.warnings).toEqual([]);
  expect(await it.content()).toEqual(model.now);
  const records = await it.snapshots.records(it.machine());
  expect(new Set(records.map(({ id }) => id))).toEqual(new Set(model.kept.keys()));
  for (const { id, disks } of records) {
    const shown = await Promise.all(
      disks.map(({ file, format }) => it.checksum(join(it.directory, file), format)),
    );
    expect(shown).toEqual(model.kept.get(id)?.disks);
  }
  for (const [file, sum] of model.clones) expect(await it.checksum(file, 'qcow2')).toBe(sum);
}

const pick = async (it: Bench, number: number) => {
  const records = await it.snapshots.records(it.machine());
  return records[number % records.length];
};

const command = (
  name: string,
  run: (model: Model, it: Bench) => Promise<void>,
  check_: (model: Model) => boolean = () => true,
): Command => ({
  check: check_,
  async run(model, it) {
    await run(model, it);
    await check(model, it);
  },
  toString: () => name,
});

const hasSnapshots = ({ kept }: Model): boolean => kept.size > 0;

const write = fc
  .tuple(
    fc.integer({ min: 0, max: 1 }),
    fc.integer({ min: 0, max: 60 }),
    fc.integer({ min: 1, max: 4 }),
    fc.integer({ min: 0, max: 255 }),
  )
  .map(([disk, at, length, byte]) =>
    command(`write(${disk}, ${at}, ${length}, ${byte})`, async (model, it) => {
      it.write(disk, at * 64 * KiB + 512, length * 48 * KiB, byte);
      model.now = { ...model.now, disks: (await it.content()).disks };
    }),
  );

const state = fc
  .tuple(
    fc.constantFrom('firmware' as const, 'tpm' as const),
    fc.option(fc.constantFrom('one', 'two', 'three')),
  )
  .map(([folder, text]) =>
    command(`${folder}(${text})`, async (model, it) => {
      it.setState(folder, text);
      model.now = { ...model.now, [folder]: text };
    }),
  );

const memory = fc.integer({ min: 128, max: 1024 }).map((size) =>
  command(`memory(${size})`, async (model, it) => {
    await it.setMemory(size);
    model.now = { ...model.now, memory: size };
  }),
);

const known = async (it: Bench) => new Set((await it.snapshots.records(it.machine())).map(({ id }) => id));

const take = fc.constant(
  command('take', async (model, it) => {
    const before = await known(it);
    await it.finish(it.snapshots.take(it.machine(), { memory: true }));
    for (const id of await known(it)) if (!before.has(id)) model.kept.set(id, model.now);
  }),
);

const revert = fc.tuple(fc.nat(20), fc.boolean()).map(([number, discard]) =>
  command(
    `revert(${number}, ${discard ? 'discard' : 'keep'})`,
    async (model, it) => {
      const record = await pick(it, number);
      const before = await known(it);
      await it.finish(it.snapshots.revert(it.machine(), record?.id ?? '', { discard, start: false }));
      const added = [...(await known(it))].filter((id) => !before.has(id));
      // How it was is kept, unless it was nothing new.
      const isKept = added.length === 1 || [...model.kept.values()].some((one) => same(one, model.now));
      if (discard ? added.length > 0 : !isKept) throw new Error(`${added.length} snapshots were made`);
      for (const id of added) model.kept.set(id, model.now);
      model.now = model.kept.get(record?.id ?? '') as Content;
    },
    hasSnapshots,
  ),
);

const remove = fc.nat(20).map((number) =>
  command(
    `remove(${number})`,
    async (model, it) => {
      const id =
        number % 2 === 0 && model.kept.has(model.cloned) ? model.cloned : (await pick(it, number))?.id;
      await it.finish(it.snapshots.remove(it.machine(), id ?? ''));
      model.kept.delete(id ?? '');
    },
    hasSnapshots,
  ),
);

/** What a linked clone of a snapshot does: other names for the layers, in a folder of its own. */
const clone = fc.nat(20).map((number) =>
  command(
    `clone(${number})`,
    async (model, it) => {
      const record = await pick(it, number);
      const layer = join(it.directory, record?.disks[0]?.file ?? '');
      const folder = join(it.directory, `../../clone-${model.clones.size}-${Date.now()}`);
      mkdirSync(folder);
      for (const file of await imageChain(layer))
        linkSync(file, join(folder, file.slice(file.lastIndexOf('/') + 1)));
      const name = join(folder, layer.slice(layer.lastIndexOf('/') + 1));
      model.cloned = record?.id ?? '';
      model.clones.set(name, await it.checksum(layer, 'qcow2'));
      // The source goes on: what it writes must never show in the clone.
      it.write(0, (number % 50) * 64 * KiB, 128 * KiB, 100 + number);
      model.now = { ...model.now, disks: (await it.content()).disks };
    },
    hasSnapshots,
  ),
);

const eraseClone = fc.constant(
  command(
    'erase a clone',
    async (model) => {
      const [file] = model.clones.keys();
      if (file === undefined) return;
      rmSync(join(file, '..'), { recursive: true });
      model.clones.delete(file);
    },
    ({ clones }) => clones.size > 0,
  ),
);

/** A later service puts in order whatever is left. */
const restart = fc.constant(command('restart', async (_, it) => it.snapshots.recoverAll()));

const same = (one: Content, other: Content): boolean => JSON.stringify(one) === JSON.stringify(other);

test(
  'every state that was kept can be returned to, whatever else happens',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.commands(
          [
            write,
            write,
            write,
            state,
            memory,
            take,
            take,
            revert,
            remove,
            remove,
            clone,
            clone,
            eraseClone,
            restart,
          ],
          {
            maxCommands: 30,
            size: 'max',
          },
        ),
        async (commands) => {
          await using it = await openBench(['qcow2', 'raw']);
          const now = await it.content();
          let model: Model = { now, kept: new Map(), clones: new Map(), cloned: '' };
          await fc.asyncModelRun(() => {
            model = { now, kept: new Map(), clones: new Map(), cloned: '' };
            return { model, real: it };
          }, commands);
          // QEMU reads the same from them as we do. Then back to each, all of them go, and one image a disk is left.
          for (const { id } of await it.snapshots.records(it.machine())) {
            // Going back to the one before may have left layers that are merged: their records name others then.
            const records = await it.snapshots.records(it.machine());
            const disks = records.find((record) => record.id === id)?.disks ?? [];
            const shown = disks.map(({ file, format }) =>
              it.checksumByQemu(join(it.directory, file), format),
            );
            await it.finish(it.snapshots.revert(it.machine(), id, { discard: true, start: false }));
            const { definition } = it.machine();
            expect(await it.content()).toEqual(model.kept.get(id));
            expect(
              (definition?.disks ?? []).map(({ file, format }) =>
                it.checksumByQemu(join(it.directory, file), format),
              ),
            ).toEqual(shown);
          }
          const last = await it.content();
          for (const folder of readdirSync(join(it.directory, '../..')).filter((name) =>
            name.startsWith('clone-'),
          ))
            rmSync(join(it.directory, '../..', folder), { recursive: true });
          for (const { id } of await it.snapshots.records(it.machine()))
            await it.finish(it.snapshots.remove(it.machine(), id));
          await it.snapshots.recoverAll();
          await it.settle();
          expect(await it.content()).toEqual(last);
          expect(it.files()).toHaveLength(2);
          expect(existsSync(join(it.directory, 'snapshots/revert.json'))).toBe(false);
        },
      ),
      { numRuns: runs, endOnFailure: true },
    );
  },
  60_000 * Math.max(4, runs),
);
