// SPDX-License-Identifier: Apache-2.0
//
// kill -9, a full disk and one that can only be read, in the middle of work on snapshots of a machine that does not run: the
// machine is as it was or as asked, and every snapshot that is listed shows what it held.
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, statfsSync, watch, writeFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Task } from '../../src/contract/task.ts';
import { imageChain } from '../../src/disk/chain.ts';
import { readDefinitionText } from '../../src/engine/definition-file.ts';
import { readLoose } from '../../src/engine/snapshots/loose.ts';
import { readRecords, snapshotFolder } from '../../src/engine/snapshots/record.ts';
import { missingTools, run } from '../support/guest-image.ts';
import { startService, type TestService } from '../support/service.ts';

const id = 'b1111111-1111-4111-8111-111111111111';
const params = { ref: 'kept' };

/** Everything of a machine that a snapshot keeps, in a form that can be compared. */
interface Content {
  disks: string[];
  firmware: string | null;
  tpm: string | null;
  memory: number | undefined;
}

type Work = (it: Bench) => Promise<Task>;

interface Bench {
  service: TestService;
  directory: string;
  /** What each snapshot has to show, by its id; of those that a check has seen */
  kept: Map<string, Content>;
  /** Lets the guest, its firmware and its owner change something, each time something else */
  change(): Promise<void>;
  content(): Promise<Content>;
  /** Performs it, and waits until its disks are tidied as well */
  finish(work: Work): Promise<void>;
  /** Begins it, and calls `hit` at the nth change of a file of the machine. @returns how many changes there were */
  watched(work: Work, hit: (change: number) => void): Promise<number>;
  /** Kills the service at the nth change of a file of the machine, and starts it again */
  killAt(change: number, work: Work): Promise<void>;
  /** Every snapshot shows what it held. @param before content of the machine, which a new one has to show @returns ids */
  check(before: Content): Promise<string[]>;
  /** Files that nobody needs, and everything half-made */
  leftOvers(): Promise<string[]>;
}

const take: Work = ({ service }) =>
  service.client.call('takeSnapshot', { params, body: { name: 'new', memory: true } });
const revert =
  (snapshot: string, discard: boolean): Work =>
  ({ service }) =>
    service.client.call('revertSnapshot', {
      params: { ...params, snapshot },
      body: { discard, start: false },
    });
const remove =
  (snapshot: string): Work =>
  ({ service }) =>
    service.client.call('deleteSnapshot', { params: { ...params, snapshot } });

/** A machine with a qcow2 and a raw disk and with state of its firmware and TPM, in a service of its own. */
async function openBench(dataParent?: string): Promise<Bench> {
  const service = await startService(dataParent === undefined ? {} : { dataParent });
  const { client } = service;
  const directory = join(service.paths.machines, id);
  for (const name of ['disks', 'firmware', 'tpm'])
    await mkdir(join(directory, name), { recursive: true, mode: 0o700 });
  run('qemu-img', 'create', '-q', '-f', 'qcow2', join(directory, 'disks/a.qcow2'), '8M');
  run('qemu-img', 'create', '-q', '-f', 'raw', join(directory, 'disks/b.raw'), '8M');
  await writeFile(
    join(directory, 'machine.yaml'),
    `formatVersion: 1
id: ${id}
name: kept
architecture: x86_64
memory: 64MiB
boot: { type: uefi }
disks: [{ file: disks/a.qcow2, format: qcow2 }, { file: disks/b.raw, format: raw }]
`,
  );
  const scratch = await mkdtemp(join(tmpdir(), 'phshown-'));
  let round = 0;

  const known = new Map<string, string>();
  /** What a guest sees on a disk, by the word of QEMU; images that nobody wrote to since are not read again. */
  const shown = async (file: string, format: string): Promise<string> => {
    const chain = (await imageChain(join(directory, file))).map((path) => {
      const { ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
      return [path, ino, size, mtimeNs, ctimeNs].join();
    });
    const key = chain.join();
    const sum = known.get(key) ?? (await read(file, format));
    known.set(key, sum);
    return sum;
  };
  /** Waits where somebody writes to one of its layers. */
  const read = async (file: string, format: string): Promise<string> => {
    const copy = join(scratch, 'copy');
    for (;;) {
      try {
        await promisify(execFile)('qemu-img', [
          'convert',
          '-f',
          format,
          '-O',
          'raw',
          join(directory, file),
          copy,
        ]);
        return createHash('sha256').update(readFileSync(copy)).digest('hex').slice(0, 12);
      } catch (error) {
        if (!/Failed to get .*lock/.test(String(error))) throw error;
        await delay(20);
      }
    }
  };
  const contentIn = async (
    folder: string,
    disks: readonly { file: string; format: string }[],
  ): Promise<Content> => {
    const text = (file: string) =>
      existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : null;
    const sums: string[] = [];
    for (const { file, format } of disks) sums.push(await shown(file, format));
    const { memory } = readDefinitionText(readFileSync(join(folder, 'machine.yaml'), 'utf8'));
    return { disks: sums, firmware: text('firmware/vars'), tpm: text('tpm/state'), memory };
  };
  const heads = () => readDefinitionText(readFileSync(join(directory, 'machine.yaml'), 'utf8')).disks;
  /** Tidying begins by itself after other work; nobody hears of its beginning. */
  const settled = async (): Promise<void> => {
    for (let quiet = 0; quiet < 2; await delay(15)) {
      const busy = (await client.call('listTasks')).some(({ state }) => state === 'running');
      quiet = busy || readLoose(directory).merging !== null ? 0 : quiet + 1;
    }
  };

  const bench: Bench = {
    service,
    directory,
    kept: new Map(),
    async change() {
      round += 1;
      for (const [disk, { file, format }] of heads().entries()) {
        // Some of it over what was there, some of it elsewhere; sometimes more than the layer below holds.
        const writes = [
          `write -P ${round % 250} ${(round * 3 + disk) % 4}M ${(round % 3) * 1024 + 64}k`,
          `write -P ${round % 250} 7M 4k`,
        ];
        run('qemu-io', '-f', format, ...writes.flatMap((words) => ['-c', words]), join(directory, file));
      }
      writeFileSync(join(directory, 'firmware/vars'), `variables ${round}`);
      await rm(join(directory, 'tpm'), { recursive: true, force: true });
      if (round % 2 === 0) {
        await mkdir(join(directory, 'tpm'));
        writeFileSync(join(directory, 'tpm/state'), `secrets ${round}`);
      }
      const changes = [{ path: ['memory'], value: `${64 + round}MiB` }];
      await client.call('changeDefinition', { params, body: { changes } });
    },
    content: () => contentIn(directory, heads()),
    async finish(work) {
      await service.finish(work(bench));
      await settled();
    },
    async watched(work, hit) {
      let count = 0;
      await mkdir(join(directory, 'snapshots'), { recursive: true, mode: 0o700 });
      const watchers = ['', 'disks', 'snapshots'].map((folder) =>
        watch(join(directory, folder), () => hit((count += 1))),
      );
      try {
        await bench.finish(work).catch((error: unknown) => {
          // It is a killed service's right not to answer.
          if (!service.process.killed) throw error;
        });
      } finally {
        for (const watcher of watchers) watcher.close();
      }
      return count;
    },
    async killAt(change, work) {
      await bench.watched(work, (now) => {
        if (now === change) service.process.kill('SIGKILL');
      });
      await service.kill();
      await service.restart();
      await settled();
    },
    async check(before) {
      await settled();
      const { snapshots } = await client.call('listSnapshots', { params });
      expect(snapshots.filter(({ problem }) => problem !== null)).toEqual([]);
      const { records, problems } = await readRecords(directory);
      expect(problems).toEqual([]);
      expect(records.map((record) => record.id).toSorted()).toEqual(
        snapshots.map((one) => one.id).toSorted(),
      );
      for (const record of records) {
        const folder = snapshotFolder(directory, record.id);
        const content = await contentIn(folder, record.disks);
        expect(content).toEqual(bench.kept.get(record.id) ?? before);
        bench.kept.set(record.id, content);
        // Nobody writes to it by mistake.
        for (const { file } of record.disks)
          expect((await stat(join(directory, file))).mode & 0o777).toBe(0o400);
      }
      expect(await bench.leftOvers()).toEqual([]);
      return records.map((record) => record.id);
    },
    async leftOvers() {
      const names = readdirSync(directory, { recursive: true, encoding: 'utf8' });
      const { records } = await readRecords(directory);
      const named = [...heads(), ...records.flatMap(({ disks }) => disks)];
      const needed = new Set(
        (await Promise.all(named.map(({ file }) => imageChain(join(directory, file))))).flat(),
      );
      return names.filter(
        (name) =>
          /(^|\/)\.|\.(next|old|tmp|new)$|revert\.json$/.test(name) ||
          (name.startsWith('disks/') && !needed.has(join(directory, name))),
      );
    },
  };
  return bench;
}

/** What became of it, as a code of an error; null: it was done. */
const outcome = (work: Promise<unknown>): Promise<string | null> =>
  work.then(
    () => null,
    ({ code, message }: { code: string; message: string }) => (code === 'internal-error' ? message : code),
  );

const missing = missingTools(['qemu-io']);

describe.skipIf(missing !== '')(`killed${missing}`, () => {
  let it: Bench;
  const idOf = async (name: string) => {
    const { snapshots } = await it.service.client.call('listSnapshots', { params });
    return snapshots.find((one) => one.name === name)?.id;
  };
  const changes = new Map<string, number>();
  /** Each moment is a part of the changes of files that such work makes when nobody kills it. */
  const killIn = async (what: string, part: number, work: Work): Promise<void> => {
    const all = changes.get(what);
    if (all !== undefined) return it.killAt(Math.ceil(all * part), work);
    changes.set(what, await it.watched(work, () => {}));
  };

  beforeAll(async () => {
    it = await openBench();
    for (const name of ['one', 'two']) {
      await it.change();
      await it.service.finish(
        it.service.client.call('takeSnapshot', { params, body: { name, memory: true } }),
      );
      await it.check(await it.content());
    }
  });
  afterAll(() => it.service[Symbol.asyncDispose]());

  // The first of each is not killed: it tells how many changes there are.
  const parts = [0, 0.15, 0.45, 0.8];

  test.each(parts)('after %f of taking one', async (part) => {
    await it.change();
    const before = await it.content();
    await killIn('take', part, take);
    expect(await it.content()).toEqual(before);
    await it.check(before);
    if ((await idOf('new')) === undefined) await it.finish(take);
    expect((await it.check(before)).length).toBe(3);
    await it.finish(remove('new'));
    expect((await it.check(before)).length).toBe(2);
  });

  test.each(parts.flatMap((part) => [true, false].map((discard) => [part, discard] as const)))(
    'after %f of going back (discard: %s)',
    async (part, discard) => {
      await it.change();
      const before = await it.content();
      const target = it.kept.get((await idOf('one')) ?? '');
      await killIn(`revert ${discard}`, part, revert('one', discard));
      expect([before, target]).toContainEqual(await it.content());
      await it.check(before);
      if (JSON.stringify(await it.content()) === JSON.stringify(before))
        await it.finish(revert('one', discard));
      expect(await it.content()).toEqual(target);
      const ids = await it.check(before);
      const shown = ids.map((one) => it.kept.get(one));
      if (discard) expect(ids.length).toBe(2);
      else expect(shown).toContainEqual(before);
      for (const one of ids.slice(2)) await it.finish(remove(one));
    },
  );

  test.each(parts)('after %f of deleting one, and of the merge that follows', async (part) => {
    await it.change();
    await it.finish(take);
    await it.check(await it.content());
    await it.change();
    const before = await it.content();
    await killIn('delete', part, remove('new'));
    expect(await it.content()).toEqual(before);
    await it.check(before);
    if ((await idOf('new')) !== undefined) await it.finish(remove('new'));
    expect((await it.check(before)).length).toBe(2);
  });

  test('in the end, when all are deleted, one image is left of each disk', async () => {
    const before = await it.content();
    for (const one of await it.check(before)) await it.finish(remove(one));
    expect(await it.content()).toEqual(before);
    expect(await it.check(before)).toEqual([]);
    expect(readdirSync(join(it.directory, 'disks')).length).toBe(2);
    expect(readLoose(it.directory)).toEqual({ files: [], merging: null });
    for (const name of readdirSync(join(it.directory, 'disks')).filter((file) => file.endsWith('.qcow2')))
      run('qemu-img', 'check', '-q', join(it.directory, 'disks', name));
  });
});

const isRoot = process.getuid?.() === 0;
const needsRoot = isRoot ? '' : ' (not run: needs root)';

describe.skipIf(missing !== '' || !isRoot)(`on a file system of its own${missing}${needsRoot}`, () => {
  let folder: string;
  let it: Bench;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'phfull-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=96M,mode=700', 'tmpfs', folder]);
    await chmod(folder, 0o700);
    it = await openBench(folder);
    await it.change();
    await it.service.finish(
      it.service.client.call('takeSnapshot', { params, body: { name: 'one', memory: true } }),
    );
    await it.check(await it.content());
  });
  afterAll(async () => {
    await it.service[Symbol.asyncDispose]();
    execFileSync('umount', ['--lazy', folder]);
    await rm(folder, { recursive: true, force: true });
  });

  const filler = () => join(folder, 'filler');
  const fill = (kibibytes: number): void => {
    const { bavail, bsize } = statfsSync(folder);
    writeFileSync(filler(), Buffer.alloc(Math.max(0, bavail * bsize - kibibytes * 1024)));
  };
  /** All but the first one go again. */
  const renew = async (): Promise<void> => {
    for (const one of (await it.check(await it.content())).slice(1)) await it.finish(remove(one));
    await it.change();
  };

  const works = { take, keep: revert('one', false), discard: revert('one', true) };
  // New heads take 192 KiB each, and what a revert makes besides a few pages.
  const spaces = { take: [0, 208, 900], keep: [0, 404, 900], discard: [0, 396, 404, 412, 900] };
  test.each(['take', 'keep', 'discard'] as const)(
    'wherever the space ends, to %s is refused or done',
    async (what) => {
      const work = works[what];
      const outcomes = new Set<string | null>();
      for (const kibibytes of spaces[what]) {
        await renew();
        const before = await it.content();
        fill(kibibytes);
        const failure = await outcome(it.finish(work));
        const after = await it.content();
        await rm(filler());
        expect([null, 'no-space']).toContain(failure);
        if (failure !== null || work === take) expect(after).toEqual(before);
        else expect(after).toEqual([...it.kept.values()][0]);
        outcomes.add(failure);
        await it.check(before);
        if (failure !== null) await it.finish(work);
        await it.check(before);
      }
      expect(outcomes).toEqual(new Set([null, 'no-space']));
    },
  );

  test('a snapshot can be deleted where nothing else fits, and its layers are merged when there is space', async () => {
    for (const kibibytes of [0, 400]) {
      await renew();
      await it.finish(take);
      await it.check(await it.content());
      await it.change();
      const before = await it.content();
      fill(kibibytes);
      expect(await outcome(it.finish(remove('new')))).toBeNull();
      expect(await it.content()).toEqual(before);
      expect((await it.service.client.call('listSnapshots', { params })).snapshots.length).toBe(1);
      await rm(filler());
      await it.service.kill();
      await it.service.restart();
      // A head and a layer of each.
      const files = () => readdirSync(join(it.directory, 'disks')).length;
      await expect.poll(files, { timeout: 20_000 }).toBe(4);
      expect((await it.check(before)).length).toBe(1);
      expect(await it.content()).toEqual(before);
    }
  });

  test('that can only be read, it is said so and nothing changes', async () => {
    await renew();
    await it.finish(take);
    const before = await it.content();
    await it.check(before);
    // The file system as a whole counts as busy: the service has its own files open.
    execFileSync('mount', ['--bind', it.directory, it.directory]);
    execFileSync('mount', ['-o', 'remount,bind,ro', it.directory]);
    const failures = [];
    for (const work of [...Object.values(works), remove('new')])
      failures.push(
        await it.finish(work).then(
          () => null,
          (error: unknown) => error,
        ),
      );
    execFileSync('umount', ['--lazy', it.directory]);
    for (const failure of failures)
      expect(failure).toMatchObject({
        code: 'file-unreadable',
        message: expect.stringMatching(/read-only|only be read/),
      });
    expect(await it.content()).toEqual(before);
    expect((await it.check(before)).length).toBe(2);
    for (const work of Object.values(works)) await it.finish(work);
  });
});
