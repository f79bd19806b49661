// SPDX-License-Identifier: Apache-2.0
//
// The image that a machine's UEFI variables are in. Its guest writes it, so it is read with care; and it is never changed
// in place: a new one is made beside it and takes its name when it is complete.
import { existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PhyllomeError, reasonOf } from '../../contract/errors.ts';
import type { PlannedFile } from '../../contract/plan.ts';
import { openGuestBytes } from '../../disk/guest-bytes.ts';
import { makeNewFile } from '../../disk/new-file.ts';
import { qcow2HeaderOf } from '../../disk/qcow2-file.ts';
import { runQemuImg } from '../../disk/qemu-img.ts';
import { openRegularFile } from '../../disk/regular-file.ts';
import { makeFromTemplate } from '../../disk/template.ts';
import { explainNoSpace, removeHalfWritten, sync } from '../../host/files.ts';
import { enrolMicrosoft } from './enrol.ts';
import { readMicrosoftCertificates } from './microsoft.ts';
import { longestVolume } from './variable-store.ts';

const what = 'UEFI variables';
const step = 2 ** 20;

/**
 * Reads the volume of a machine's variables, also while a VMM writes it: then it can be half of one change.
 * @throws PhyllomeError `file-unreadable`
 */
export async function readVolume(file: string): Promise<Buffer> {
  const unreadable = (reason: string, cause?: unknown): PhyllomeError =>
    new PhyllomeError('file-unreadable', { what, file, reason }, { cause });
  // A pipe, say, is refused before anything else opens it.
  await (await openRegularFile(what, file, (_file, error) => unreadable(reasonOf(error), error))).close();
  const header = await qcow2HeaderOf(file);
  if (header === null) throw unreadable('it is not a qcow2 image');
  // It would show the content of another file.
  if (header.backing !== null || header.dataFile !== null || header.encrypted)
    throw unreadable('it does not hold all its content itself');
  return readBeginning(file, 'qcow2', unreadable);
}

async function readBeginning(
  file: string,
  format: 'qcow2' | 'raw',
  unreadable: (reason: string, cause?: unknown) => PhyllomeError,
): Promise<Buffer> {
  await using bytes = await openGuestBytes(file, format);
  if (bytes === null) throw unreadable('its content cannot be understood');
  const length = Math.min(bytes.size, longestVolume);
  const parts: Buffer[] = [];
  try {
    for (let at = 0; at < length; at += step) parts.push(await bytes.read(at, Math.min(step, length - at)));
  } catch (error) {
    throw unreadable(reasonOf(error), error);
  }
  return Buffer.concat(parts);
}

/**
 * Puts a changed volume in place of the one in an image. The old image keeps its name until the new one is stored.
 * Only for a machine that is held: no VMM has the image open.
 * @throws PhyllomeError `no-space`, `tool-missing`, `file-unreadable`
 */
export async function replaceVolume(file: string, volume: Buffer): Promise<void> {
  const directory = dirname(file);
  await removeHalfWritten(directory);
  const temporary = temporaryIn(directory);
  try {
    await copyWith(file, 'qcow2', volume, temporary);
    const written = await readVolume(temporary);
    if (!written.subarray(0, volume.length).equals(volume))
      throw new PhyllomeError('file-unreadable', {
        what,
        file: temporary,
        reason: 'it does not hold what was written; the storage of this PC may be failing',
      });
    await sync(temporary);
    await rename(temporary, file);
  } catch (error) {
    throw explainNoSpace(error, `the ${what}`, directory);
  } finally {
    await rm(temporary, { force: true });
  }
  await sync(directory);
}

/**
 * Makes the variables of a new machine from their template, with Microsoft's certificates of 2023 wherever the template
 * has only those of 2011. There already: it then holds what the machine stored in it.
 * @throws PhyllomeError `no-space`, `tool-missing`, `file-unreadable`
 */
export async function makeVariables(planned: PlannedFile): Promise<void> {
  const { file, template, templateFormat } = planned;
  if (existsSync(file)) return;
  if (templateFormat !== 'raw' && templateFormat !== 'qcow2') return makeFromTemplate(planned);
  const volume = await readTemplate(template, templateFormat);
  const enrolled = enrolMicrosoft(volume, await readMicrosoftCertificates());
  // A template that is laid out in a way we do not know is as good as it was; "phyllome firmware" says what is missing.
  const changed = typeof enrolled === 'string' ? null : enrolled.volume;
  if (changed === null) return makeFromTemplate(planned);
  await removeHalfWritten(dirname(file));
  await makeNewFile(planned.what, file, (temporary) =>
    copyWith(template, templateFormat, changed, temporary),
  );
}

/** The volume of variables as they come with a firmware. @throws PhyllomeError `file-unreadable` */
export function readTemplate(file: string, format: 'qcow2' | 'raw'): Promise<Buffer> {
  return readBeginning(
    file,
    format,
    (reason, cause) => new PhyllomeError('file-unreadable', { what, file, reason }, { cause }),
  );
}

/** Copies an image with another beginning into a new one. */
async function copyWith(
  source: string,
  format: 'qcow2' | 'raw',
  beginning: Buffer,
  target: string,
): Promise<void> {
  const raw = temporaryIn(dirname(target));
  try {
    // Made first and by us, so that nobody else can read them at any moment.
    for (const made of [raw, target]) await (await open(made, 'wx', 0o600)).close();
    await runQemuImg(['convert', '-q', '-f', format, '-O', 'raw', source, raw], what, target);
    await using handle = await open(raw, 'r+');
    await handle.write(beginning, 0, beginning.length, 0);
    await runQemuImg(['convert', '-q', '-f', 'raw', '-O', 'qcow2', raw, target], what, target);
  } finally {
    await rm(raw, { force: true });
  }
}

// As writeAtomic calls them, so that what a killed service leaves is removed.
const temporaryIn = (directory: string): string =>
  join(directory, `.${process.pid}.${Math.random().toString(36).slice(2)}.tmp`);
