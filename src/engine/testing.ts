// SPDX-License-Identifier: Apache-2.0
//
// What the tests of this room share.
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolvePaths, type Paths } from '../contract/paths.ts';

export interface Sandbox extends AsyncDisposable {
  root: string;
  paths: Paths;
}

/** A place on the disk with all folders of a service, gone at the end of the test. */
export async function sandbox(): Promise<Sandbox> {
  // Short, for the sake of socket paths.
  const root = await mkdtemp(join(tmpdir(), 'ph-'));
  const paths = resolvePaths({ HOME: root, XDG_RUNTIME_DIR: join(root, 'run') }, process.getuid?.() ?? 0);
  for (const directory of [paths.machines, paths.logs, paths.cache, paths.runtime]) {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  }
  return {
    root,
    paths,
    // What an event began may still write a file while the folder goes.
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true, maxRetries: 5 }),
  };
}

export const someId = '6f1c2b3a-1111-4111-8111-111111111111';

/** The text of a small valid machine.yaml. */
export function definitionText({ id = someId, name = 'tiny' } = {}): string {
  return `# a comment of its owner
formatVersion: 1
id: ${id}
name: ${JSON.stringify(name)} # what we call it
architecture: x86_64
memory: 512MiB
boot: { type: uefi }
`;
}

/** Puts a machine on the disk as if it had always been there. @returns its folder */
export async function putMachine(paths: Paths, text = definitionText(), folder = someId): Promise<string> {
  const directory = join(paths.machines, folder);
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'machine.yaml'), text);
  return directory;
}
