// SPDX-License-Identifier: Apache-2.0
//
// Which firmware is installed, as distributions describe it to everybody: one JSON file for each image.
// https://www.qemu.org/docs/master/interop/firmware.html (docs/interop/firmware.json in QEMU's source)
import { access, constants, readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { reasonOf } from '../../contract/errors.ts';
import type { Firmware, FirmwareFile, FirmwareTarget } from './firmware-choice.ts';
import { isRecord } from './qmp.ts';
import { kindsOf, type SealedFirmware } from './sealed-firmware.ts';

export interface InstalledFirmware {
  /** In the order of preference of whoever wrote the descriptors */
  found: Firmware[];
  /** Images without variables, for confidential guests */
  sealed: SealedFirmware[];
  /** Descriptors that cannot be used although they look like ours, in sentences */
  problems: string[];
  looked: string[];
}

/** The folders of descriptors, the strongest first: the user's, the administrator's, the distribution's. */
export function firmwareDirectories(env: Readonly<Record<string, string | undefined>>): string[] {
  const config = env['XDG_CONFIG_HOME'] ?? join(env['HOME'] ?? homedir(), '.config');
  return [join(config, 'qemu/firmware'), '/etc/qemu/firmware', '/usr/share/qemu/firmware'];
}

/**
 * Reads the descriptors. Two files of one name are one descriptor, the one in the stronger folder counts; an
 * empty file hides it altogether. Among different names the alphabet is the order of preference.
 *
 * Pairs of code and variables in flash are looked for. Images without variables cannot keep a boot entry, and are
 * only for confidential guests.
 */
export async function readFirmware(directories: readonly string[]): Promise<InstalledFirmware> {
  const files = new Map<string, string>();
  for (const directory of directories.toReversed()) {
    const names = await readdir(directory).catch(() => []);
    for (const name of names) if (name.endsWith('.json')) files.set(name, join(directory, name));
  }
  const ordered = [...files].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, file]) => file);
  const read = await Promise.all(ordered.map(readDescriptor));
  const images = read.filter((result) => typeof result === 'object' && result !== null);
  return {
    found: images.filter((image) => 'vars' in image),
    sealed: images.filter((image): image is SealedFirmware => !('vars' in image)),
    problems: read.filter((result) => typeof result === 'string'),
    looked: [...directories],
  };
}

/** A usable descriptor, a sentence about what is wrong with it, or null for one that is about something else. */
async function readDescriptor(file: string): Promise<Firmware | SealedFirmware | string | null> {
  let firmware: Firmware | SealedFirmware | null;
  try {
    const text = await readFile(file, 'utf8');
    if (text.trim() === '') return null;
    const value: unknown = JSON.parse(text);
    firmware = parseDescriptor(file, value) ?? parseSealed(file, value);
  } catch (error) {
    return `${file} cannot be read: ${reasonOf(error)}.`;
  }
  if (firmware === null) return null;
  const parts = 'vars' in firmware ? [firmware.code.file, firmware.vars.file] : [firmware.file];
  for (const part of parts) {
    const problem = await access(part, constants.R_OK).then(() => null, reasonOf);
    if (problem !== null) return `${file} names ${part}, which cannot be read: ${problem}.`;
  }
  return firmware;
}

export function parseDescriptor(descriptor: string, value: unknown): Firmware | null {
  if (!isRecord(value) || !texts(value['interface-types']).includes('uefi')) return null;
  const { mapping } = value;
  if (!isRecord(mapping) || mapping['device'] !== 'flash') return null;
  if ((mapping['mode'] ?? 'split') !== 'split') return null;
  const code = parseFile(mapping['executable']);
  const vars = parseFile(mapping['nvram-template']);
  if (code === null || vars === null) return null;
  const features = texts(value['features']);
  return {
    descriptor,
    description: typeof value['description'] === 'string' ? value['description'] : '',
    code,
    vars,
    targets: targetsOf(value),
    secureBoot: features.includes('secure-boot'),
    enrolledKeys: features.includes('enrolled-keys'),
    requiresSmm: features.includes('requires-smm'),
    kinds: kindsOf(features),
  };
}

/** An image without variables that says it is for confidential guests: to be loaded into memory, or stateless flash. */
function parseSealed(descriptor: string, value: unknown): SealedFirmware | null {
  if (!isRecord(value) || !texts(value['interface-types']).includes('uefi')) return null;
  const { mapping } = value;
  if (!isRecord(mapping)) return null;
  const stateless = mapping['device'] === 'flash' && mapping['mode'] === 'stateless';
  const image = stateless ? parseFile(mapping['executable']) : null;
  const file = mapping['device'] === 'memory' ? mapping['filename'] : image?.file;
  const features = texts(value['features']);
  const kinds = kindsOf(features);
  if (typeof file !== 'string' || kinds.length === 0 || (image !== null && image.format !== 'raw'))
    return null;
  return {
    descriptor,
    description: typeof value['description'] === 'string' ? value['description'] : '',
    file,
    inMemory: image === null,
    targets: targetsOf(value),
    kinds,
    secureBoot: features.includes('secure-boot'),
    enrolledKeys: features.includes('enrolled-keys'),
  };
}

function targetsOf(value: Record<string, unknown>): FirmwareTarget[] {
  return records(value['targets']).map((target) => ({
    architecture: String(target['architecture']),
    machines: texts(target['machines']),
  }));
}

function parseFile(value: unknown): FirmwareFile | null {
  if (!isRecord(value)) return null;
  const { filename, format } = value;
  if (typeof filename !== 'string' || (format !== 'raw' && format !== 'qcow2')) return null;
  return { file: filename, format };
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
