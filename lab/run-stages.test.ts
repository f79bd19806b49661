// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findImages } from './images.ts';
import type { Tools } from './pc/tools.ts';
import { alone, runStages, withNeeds, type LabOptions } from './run-stages.ts';
import { createResults } from './stages/results.ts';
import type { Stage } from './stages/stage.ts';

let folder = '';
let lab: LabOptions;
let runs: string[] = [];
const image = (): string => join(folder, 'phyllome-headless-debian-x86-64_1.raw');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'phlab-'));
  runs = [];
  for (const name of ['pc', 'drive', 'stages']) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'a.ts'), '1');
  }
  await writeFile(image(), 'an image');
  lab = {
    tools: {} as Tools,
    images: findImages(folder),
    keys: null,
    results: createResults(join(folder, 'results')),
    work: join(folder, 'work'),
    output: join(folder, 'output'),
    sources: folder,
    again: false,
    say: () => {},
  };
});
afterEach(() => rm(folder, { recursive: true }));

const stage = (name: string, after: string[] = [], problem: string | null = null): Stage => ({
  name,
  shows: '',
  images: [{ edition: 'headless' }],
  after,
  seconds: 1,
  run: () => {
    runs.push(name);
    return problem === null ? Promise.resolve({ figure: runs.length }) : Promise.reject(new Error(problem));
  },
});

test('what passed is not repeated until its image, a source or the wish says so', async () => {
  const one = [stage('one')];
  await runStages(one, lab);
  const known = await runStages(one, lab);
  expect(runs).toEqual(['one']);
  expect(known.get('one')).toMatchObject({ passed: true, findings: { figure: 1 } });
  await writeFile(image(), 'another image');
  await runStages(one, lab);
  await writeFile(join(folder, 'pc/a.ts'), '2');
  await runStages(one, lab);
  await writeFile(join(folder, 'stages/a.ts'), '2');
  await runStages(one, lab);
  await writeFile(join(folder, 'stages/a.test.ts'), 'a test is no reason');
  await runStages(one, lab);
  await runStages(one, { ...lab, again: true });
  expect(runs).toHaveLength(5);
});

test('a failure is repeated, and what needs it waits', async () => {
  const broken = [stage('one', [], 'no kernel'), stage('two', ['one'])];
  const results = await runStages(broken, lab);
  expect(results.get('one')).toMatchObject({ passed: false, problem: 'no kernel' });
  expect(results.has('two')).toBe(false);
  await runStages([stage('one'), stage('two', ['one'])], lab);
  expect(runs).toEqual(['one', 'one', 'two']);
});

test('a missing image is a failure of the stage, not of all', async () => {
  const kiosk = { ...stage('kiosk'), images: [{ edition: 'kiosk' }] };
  const results = await runStages([kiosk, stage('one')], lab);
  expect(results.get('kiosk')?.problem).toContain('phyllome os build --edition kiosk');
  expect(results.get('one')?.passed).toBe(true);
});

test('what a stage needs comes before it', () => {
  const all = [stage('one'), stage('two', ['one']), stage('three', ['two']), stage('four')];
  expect(withNeeds(all, ['three']).map(({ name }) => name)).toEqual(['one', 'two', 'three']);
  expect(() => withNeeds(all, ['five'])).toThrow('there is no stage five; there are: one, two, three, four');
});

test('a stage can run without what it needs', async () => {
  const all = [stage('one'), stage('two', ['one'])];
  const results = await runStages(alone(all, ['two']), lab);
  expect(runs).toEqual(['two']);
  expect(results.get('two')?.passed).toBe(true);
  expect(() => alone(all, ['three'])).toThrow('there is no stage three; there are: one, two');
});
