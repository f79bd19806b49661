// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { PhyllomeError } from '../../contract/errors.ts';
import type { InstallAnswers, InstallOffer } from '../../contract/os-install.ts';
import { createEventStream } from '../event-stream.ts';
import { createTasks } from '../tasks.ts';
import { createInstallation, readAnswers } from './installation.ts';
import type { Root } from './root.ts';

const disk = {
  id: 'wwn:1',
  name: 'SSD 256GB',
  path: '/dev/sda',
  model: 'SSD 256GB',
  serial: '1',
  size: 2 ** 38,
  sectorSize: 512,
  bus: 'sata',
  removable: false,
  table: null,
  partitions: [],
  refused: null,
  warnings: [],
};
const offer: InstallOffer = {
  live: true,
  edition: 'headless',
  version: '1',
  runsFrom: '/dev/sdb',
  tpm: false,
  secureBoot: false,
  smallest: 2 ** 33,
  disks: [
    disk,
    { ...disk, id: 'wwn:2', name: 'Stick', refused: { reason: 'runs-from-it', text: 'it runs' } },
  ],
};
const answers: InstallAnswers = {
  disk: { id: 'wwn:1', confirmation: 'ssd  256gb ' },
  hostname: 'pc',
  user: { name: 'ada', password: 'correct horse' },
  keyboard: 'us',
  timezone: 'UTC',
  locale: 'C.UTF-8',
  afterwards: 'nothing',
};

function set({ found = offer, running = [] as string[], fails = '', text = '' } = {}) {
  const asked: { verb: string; request: object }[] = [];
  const root: Root = {
    async ask<Result>(verb: string, request: object) {
      asked.push({ verb, request });
      if (verb === 'disks') return found as Result;
      if (verb === 'answers') return { text } as Result;
      if (fails !== '') throw new PhyllomeError('os-install-failed', { disk: 'x', step: 'y', reason: fails });
      return { recoveryKey: 'the-key' } as Result;
    },
  };
  const events = createEventStream();
  const tasks = createTasks(events);
  const installation = createInstallation({
    root,
    tasks,
    runningIds: () => running,
    accessText: async (password) => `hash of ${password.length}`,
  });
  return { installation, tasks, asked };
}

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => PhyllomeError.from(error).code,
  );

test('root gets the answers, what the disk was, and the hash instead of the password of the page', async () => {
  const { installation, tasks, asked } = set();
  const task = await installation.osInstall(answers);
  await tasks.ended(task.id);
  expect(tasks.show(task.id).state).toBe('done');
  const request = asked.find(({ verb }) => verb === 'install')?.request;
  expect(request).toMatchObject({ expected: { path: '/dev/sda', size: 2 ** 38 }, access: 'hash of 13' });
  expect(asked.map(({ verb }) => verb)).toEqual(['disks', 'install']);
});

test('the recovery key is in no task, and forgotten when it is written down', async () => {
  const { installation, tasks } = set();
  const task = await installation.osInstall(answers);
  await tasks.ended(task.id);
  expect(JSON.stringify(tasks.list())).not.toContain('the-key');
  expect(installation.osRecoveryKey()).toEqual({ recoveryKey: 'the-key' });
  expect(installation.osForgetRecoveryKey()).toEqual({ recoveryKey: null });
  expect(installation.osRecoveryKey()).toEqual({ recoveryKey: null });
});

test('what can be refused is refused before root is asked to write', async () => {
  const cases: [Partial<InstallAnswers>, Partial<InstallOffer>, string][] = [
    [{}, { live: false }, 'install-not-live'],
    [{ disk: { id: 'wwn:3', confirmation: '' } }, {}, 'install-disk-unknown'],
    [{ disk: { id: 'wwn:2', confirmation: 'Stick' } }, {}, 'install-disk-refused'],
    [{ disk: { id: 'wwn:1', confirmation: 'SSD 256G' } }, {}, 'install-not-confirmed'],
    [{ disk: { id: 'wwn:1', confirmation: '' } }, {}, 'install-not-confirmed'],
    [{ user: { name: 'root', password: 'correct horse' } }, {}, 'install-answer-unusable'],
    [{ encryption: { kind: 'disk', tpm: true } }, {}, 'install-answer-unusable'],
    [{ encryption: { kind: 'folder', tpm: false } }, {}, 'install-answer-unusable'],
  ];
  for (const [change, found, code] of cases) {
    const { installation, asked } = set({ found: { ...offer, ...found } });
    expect(await codeOf(installation.osInstall({ ...answers, ...change }))).toBe(code);
    expect(asked.map(({ verb }) => verb)).toEqual(['disks']);
  }
});

test('a live system goes down afterwards only when no machine would be lost by it', async () => {
  for (const [running, last] of [
    [[], 'power'],
    [['a'], 'install'],
  ] as const) {
    const { installation, tasks, asked } = set({ running: [...running] });
    const task = await installation.osInstall({ ...answers, afterwards: 'restart' });
    await tasks.ended(task.id);
    expect(asked.at(-1)?.verb).toBe(last);
  }
});

test('answers of a stick are checked like all others, and a mistake in them shows no password', async () => {
  const good = set({ text: JSON.stringify({ ...answers, afterwards: undefined }) });
  const task = await good.installation.osInstallUnattended();
  await good.tasks.ended(task.id);
  expect(good.asked.map(({ verb }) => verb)).toEqual(['answers', 'disks', 'install']);
  for (const text of [
    'user: {password: "x\n',
    JSON.stringify({ ...answers, user: { name: 'ada', password: 'short-pw' } }),
  ]) {
    const error = (() => {
      try {
        return readAnswers(text);
      } catch (thrown) {
        return thrown as Error;
      }
    })();
    expect(error).toBeInstanceOf(PhyllomeError);
    expect((error as Error).message).not.toContain('short-pw');
  }
});
