// SPDX-License-Identifier: Apache-2.0
//
// node lab/ci.ts: builds the headless image and boots it once. What a submission has to pass; everything else of the lab
// takes longer and is run by hand (lab/README.md).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findImages } from './images.ts';
import { cacheFolder, openTools } from './pc/tools.ts';
import { runStages } from './run-stages.ts';
import { boot } from './stages/boot.ts';
import { createResults } from './stages/results.ts';

const root = join(import.meta.dirname, '..');
const cache = cacheFolder(process.env);
const work = join(cache, 'lab-ci');
const output = join(work, 'image');
await mkdir(output, { recursive: true });

const began = Date.now();
const say = (text: string): void =>
  console.log(`${String(Math.round((Date.now() - began) / 1000)).padStart(5)} s  ${text}`);

// Firmware of real hardware is most of an image and nothing of what an emulated PC needs.
const builder = 'os build --edition headless --no-hardware --version 1'.split(' ');
const build = spawn(join(root, 'phyllome'), [...builder, '--output', output], { stdio: 'inherit' });
const [code] = (await once(build, 'exit')) as [number | null];
if (code !== 0) throw new Error(`the build of the image ended with ${code}`);

const results = await runStages([boot], {
  tools: openTools(process.env['LAB_TOOLS'] ?? join(cache, 'tools')),
  images: findImages(output),
  keys: null,
  results: createResults(join(work, 'results')),
  work,
  output: join(import.meta.dirname, 'output'),
  sources: import.meta.dirname,
  again: false,
  say,
});
const result = results.get(boot.name);
for (const [what, value] of Object.entries(result?.findings ?? {}))
  console.log(`  ${what}: ${String(value)}`);
process.exitCode = result?.passed === true ? 0 : 1;
