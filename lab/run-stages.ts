// SPDX-License-Identifier: Apache-2.0
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { imageOf, type Image } from './images.ts';
import type { Tools } from './pc/tools.ts';
import { fileKey, keyOf, sourceKey, type Result, type Results } from './stages/results.ts';
import type { Stage } from './stages/stage.ts';

export interface LabOptions {
  tools: Tools;
  images: readonly Image[];
  results: Results;
  /** Folder with the keys of the builder; null: there is none */
  keys: string | null;
  /** Where stages work; large */
  work: string;
  /** Pictures and logs */
  output: string;
  /** Folder of the lab's own sources */
  sources: string;
  /** Also what passed already */
  again: boolean;
  say(text: string): void;
}

/** Adds what the given stages need before them, in the order of `all`. @throws when there is no such stage */
export function withNeeds(all: readonly Stage[], names: readonly string[]): Stage[] {
  const wanted = new Set<string>();
  const add = (name: string): void => {
    if (wanted.has(name)) return;
    wanted.add(name);
    for (const needed of stageOf(all, name).after) add(needed);
  };
  for (const name of names) add(name);
  return all.filter((stage) => wanted.has(stage.name));
}

/** The given stages without what they need before them, in the order of `names`. @throws when there is no such stage */
export function alone(all: readonly Stage[], names: readonly string[]): Stage[] {
  return names.map((name) => ({ ...stageOf(all, name), after: [] }));
}

function stageOf(all: readonly Stage[], name: string): Stage {
  const stage = all.find((one) => one.name === name);
  if (stage !== undefined) return stage;
  throw new Error(`there is no stage ${name}; there are: ${all.map((one) => one.name).join(', ')}`);
}

/** Runs stages one after the other; what passed before with the same images and sources counts. @returns all results by name */
export async function runStages(wanted: readonly Stage[], lab: LabOptions): Promise<Map<string, Result>> {
  const done = new Map<string, Result>();
  const harness = keyOf([
    await sourceKey(join(lab.sources, 'pc')),
    await sourceKey(join(lab.sources, 'drive')),
  ]);
  for (const stage of wanted) {
    const missing = stage.after.filter((name) => done.get(name)?.passed !== true);
    if (missing.length > 0) {
      lab.say(`${stage.name}: not run, since ${missing.join(' and ')} did not pass`);
      continue;
    }
    const result = await runStage(stage, lab, harness);
    done.set(stage.name, result);
  }
  return done;
}

async function runStage(stage: Stage, lab: LabOptions, harness: string): Promise<Result> {
  const began = Date.now();
  const ended = (key: string, outcome: Pick<Result, 'passed' | 'problem' | 'findings'>): Result => ({
    key,
    ...outcome,
    seconds: Math.round((Date.now() - began) / 1000),
    at: new Date().toISOString(),
  });
  let key = '';
  try {
    key = await stageKey(stage, lab, harness);
    const known = lab.again ? null : await lab.results.read(stage.name, key);
    if (known?.passed === true) {
      lab.say(`${stage.name}: passed before (${known.at})`);
      return known;
    }
    lab.say(`${stage.name}: ${stage.shows} (about ${stage.seconds} s)`);
    const work = join(lab.work, stage.name);
    await rm(work, { recursive: true, force: true });
    await mkdir(work, { recursive: true });
    await mkdir(lab.output, { recursive: true });
    const findings = await stage.run({
      tools: lab.tools,
      work,
      output: lab.output,
      keys: lab.keys,
      image: (edition, which) => imageOf(lab.images, edition, which),
      say: (text) => lab.say(`  ${text}`),
    });
    const result = ended(key, { passed: true, problem: null, findings });
    await rm(work, { recursive: true, force: true });
    await lab.results.write(stage.name, result);
    lab.say(`${stage.name}: passed in ${result.seconds} s`);
    return result;
  } catch (error) {
    const result = ended(key, { passed: false, problem: (error as Error).message, findings: {} });
    await lab.results.write(stage.name, result);
    lab.say(`${stage.name}: FAILED after ${result.seconds} s: ${result.problem}`);
    return result;
  }
}

async function stageKey(stage: Stage, lab: LabOptions, harness: string): Promise<string> {
  const sums: string[] = [];
  for (const { edition, which } of stage.images)
    sums.push(await fileKey(imageOf(lab.images, edition, which).file, join(lab.work, 'sums')));
  return keyOf([harness, await sourceKey(join(lab.sources, 'stages')), ...sums]);
}
