// SPDX-License-Identifier: Apache-2.0
//
// "phyllome os build". What it is doing goes to standard error, the image's file name to
// standard output.
import { join } from 'node:path';
import { buildImage } from './build.ts';
import { BuildUsageError, readOptions } from './options.ts';
import { BuildFailed } from './run.ts';

const root = join(import.meta.dirname, '../..');
try {
  const options = readOptions(process.argv.slice(2), process.env, root);
  if (process.getuid?.() !== 0) {
    console.error('Building an image takes root: sudo ./phyllome os build ...');
    process.exitCode = 1;
  } else {
    const started = performance.now();
    const say = (text: string): void => {
      const seconds = Math.round((performance.now() - started) / 1000);
      console.error(`${String(seconds).padStart(4)} s  ${text}`);
    };
    const built = await buildImage(root, options, say);
    if (typeof built === 'string') process.stdout.write(built);
    else {
      say(`done: version ${built.version}; ${built.log} has every word`);
      for (const file of [built.image, built.iso, built.update]) if (file !== null) console.log(file);
    }
  }
} catch (error) {
  if (!(error instanceof BuildUsageError) && !(error instanceof BuildFailed)) throw error;
  console.error(error.message);
  process.exitCode = error instanceof BuildUsageError ? 2 : 1;
}
