// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { PlannedFile } from '../contract/plan.ts';
import { makeNewFile } from './new-file.ts';
import { runQemuImg } from './qemu-img.ts';

/**
 * Makes a file of a plan from its template, unless it is there already: it then holds what the machine stored in
 * it. An absent template is `file-unreadable` with the words of qemu-img.
 *
 * @throws PhyllomeError `no-space`, `tool-missing`, `file-unreadable`
 */
export async function makeFromTemplate({
  what,
  file,
  template,
  templateFormat,
  format,
}: PlannedFile): Promise<void> {
  if (existsSync(file)) return;
  await makeNewFile(what, file, async (temporary) => {
    // Made first and by us, so that nobody else can read it at any moment.
    await using _handle = await open(temporary, 'wx', 0o600);
    const formats = ['-f', templateFormat, '-O', format];
    await runQemuImg(['convert', '-q', ...formats, template, temporary], what, file);
  });
}
