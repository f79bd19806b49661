// SPDX-License-Identifier: Apache-2.0
//
// npm run lab [-- STAGE...]: proves the image of the OS in an emulated PC. lab/README.md says what it takes.
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { lockFile } from '../src/host/lock.ts';
import { findImages } from './images.ts';
import { cacheFolder, openTools } from './pc/tools.ts';
import { alone, runStages, withNeeds } from './run-stages.ts';
import { stages } from './stages/all.ts';
import { createResults } from './stages/results.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    images: { type: 'string' },
    tools: { type: 'string' },
    keys: { type: 'string' },
    again: { type: 'boolean', default: false },
    only: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
  },
});
if (values.list) {
  for (const { name, seconds, shows } of stages)
    console.log(`${name.padEnd(12)} ${String(seconds).padStart(5)} s  ${shows}`);
  process.exit();
}
const cache = cacheFolder(process.env);
const work = join(cache, 'lab');
const tools = openTools(values.tools ?? process.env['LAB_TOOLS'] ?? join(cache, 'tools'));
const images = findImages(
  values.images ?? process.env['LAB_IMAGES'] ?? join(import.meta.dirname, '../build/os'),
);
const keys =
  values.keys ?? join(process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'phyllome/os-keys');
const began = Date.now();
const say = (text: string): void =>
  console.log(`${String(Math.round((Date.now() - began) / 1000)).padStart(5)}  ${text}`);
const names = positionals.length === 0 ? stages.map(({ name }) => name) : positionals;
const wanted = values.only ? alone(stages, names) : withNeeds(stages, names);
await mkdir(work, { recursive: true });
// Two emulated PCs at once would only make each other miss their deadlines.
await using lock = await lockFile(join(work, 'lock'));
if (lock === null) throw new Error('another run of the lab is under way');
const results = await runStages(wanted, {
  tools,
  images,
  keys: existsSync(keys) ? keys : null,
  results: createResults(join(work, 'results')),
  work,
  output: join(import.meta.dirname, 'output'),
  sources: import.meta.dirname,
  again: values.again,
  say,
});
for (const [name, { passed, findings, seconds }] of results) {
  console.log(`\n${name}: ${passed ? 'passed' : 'FAILED'} (${seconds} s)`);
  for (const [what, value] of Object.entries(findings)) console.log(`  ${what}: ${String(value)}`);
}
process.exitCode = wanted.every(({ name }) => results.get(name)?.passed === true) ? 0 : 1;
