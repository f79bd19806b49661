// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { debianMirror } from '../../src/catalog/unattended/apt-mirror.ts';
import { writeBiosMessage } from './bios-message.ts';
import {
  aptSources,
  datedSigner,
  imageName,
  mkosiArguments,
  places,
  ukifyConfig,
  type ImageFacts,
} from './image.ts';
import { makeIso } from './iso.ts';
import { openKeys } from './keys.ts';
import { makeManagerTree } from './manager-tree.ts';
import { BuildUsageError, type BuildOptions } from './options.ts';
import { readPackages } from './packages.ts';
import { publishUpdate } from './publish.ts';
import { inTree, run } from './run.ts';
import { toolsTree } from './tools-tree.ts';

export interface Built {
  /** The disk image */
  image: string;
  version: string;
  iso: string | null;
  /** Folder with what an update consists of */
  update: string | null;
  log: string;
}

/**
 * Builds the image.
 * @param root the folder of our sources
 * @param say hears what is being done
 * @throws BuildUsageError, BuildFailed
 */
export async function buildImage(
  root: string,
  options: BuildOptions,
  say: (text: string) => void,
): Promise<Built | string> {
  const { output, cache, distribution } = options;
  if (distribution === 'fedora' && !options.summary)
    throw new BuildUsageError(
      'the Fedora image has not been built yet: --summary shows what it would be made of',
    );
  const mirror = options.mirror ?? (await mirrorOfThisPc());
  const work = join(cache, 'work');
  const ours = join(work, 'made');
  const log = join(output, 'build.log');
  // One file system, as mkosi sees it: it moves trees between them.
  const folders = ['packages', 'workspace', 'cache', 'output'].map((name) => join(work, name));
  for (const folder of [output, ...folders]) await mkdir(folder, { recursive: true });
  await rm(ours, { recursive: true, force: true });
  await mkdir(join(ours, 'usr/lib/systemd'), { recursive: true });
  await writeFile(log, '');

  say('Getting the tools (once)');
  const tree = await toolsTree(cache, mirror, log);
  const keys = await openKeys(tree, options.keys, join(ours, 'usr/lib/systemd/import-pubring.gpg'), log);
  say('Collecting the manager');
  await makeManagerTree(root, join(work, 'manager'));
  const sourceDate = await dateOfSources(root);
  const facts: ImageFacts = {
    options,
    version: options.version ?? new Date(sourceDate * 1000).toISOString().slice(0, 10).replaceAll('-', ''),
    packages: await readPackages(),
    sourceDate,
    keys,
  };
  // What mkosi's programs see as /etc, and a program that they find before the one of its name in /usr.
  const given = [
    { file: 'sandbox/etc/apt/sources.list.d/mkosi.sources', text: aptSources(mirror), mode: 0o644 },
    { file: 'sandbox/etc/systemd/ukify.conf', text: ukifyConfig(facts), mode: 0o644 },
    { file: 'bin/sbsign', text: datedSigner(facts), mode: 0o755 },
  ];
  for (const { file, text, mode } of given) {
    await mkdir(dirname(join(work, file)), { recursive: true });
    await writeFile(join(work, file), text, { mode });
  }
  const seen = [
    { folder: join(root, 'os'), place: places.definition },
    { folder: work, place: places.work },
    { folder: options.keys, place: places.keys },
  ];
  if (options.summary) return await run(inTree(tree, seen, mkosiArguments(facts, 'summary')), { log });

  const name = imageName(facts);
  say(`Building ${name}`);
  await run(inTree(tree, seen, mkosiArguments(facts, 'build')), {
    log,
    // mkosi's own steps begin with this sign.
    onLine: (line) => line.startsWith('‣ ') && say(line.slice(2).trim()),
  });
  for (const file of await readdir(output)) if (file.startsWith(`${name}.`)) await rm(join(output, file));
  const made = (await readdir(join(work, 'output'))).filter((file) => file.startsWith(`${name}.`));
  await run(['mv', '--target-directory', output, ...made.map((file) => join(work, 'output', file))], { log });
  await writeBiosMessage(join(output, `${name}.raw`));
  const parts = { options, version: facts.version, tree, keys, output, name, log };
  if (options.publish) say('Packing and signing the update');
  const update = options.publish ? await publishUpdate(parts) : null;
  if (options.iso) say('Making the ISO');
  const iso = options.iso ? await makeIso(parts) : null;
  return { image: join(output, `${name}.raw`), version: facts.version, iso, update, log };
}

async function mirrorOfThisPc(): Promise<string> {
  const mirror = await debianMirror();
  if (mirror !== null) return `http://${mirror.host}${mirror.directory}`;
  throw new BuildUsageError('this PC uses no mirror of Debian that could be found: name one with --mirror');
}

// Of the last commit, so that the same commit gives the same image; SOURCE_DATE_EPOCH is what others say it with.
async function dateOfSources(root: string): Promise<number> {
  const given = process.env['SOURCE_DATE_EPOCH'];
  if (given !== undefined && /^\d+$/.test(given)) return Number(given);
  const { stdout } = await promisify(execFile)('git', ['-C', root, 'log', '-1', '--format=%ct']);
  return Number(stdout.trim());
}
