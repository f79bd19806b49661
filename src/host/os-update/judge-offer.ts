// SPDX-License-Identifier: Apache-2.0
//
// Which update a signed list offers to this PC, or why none. Pure. The list is genuine when this is asked, but it may be an old
// one, one for other PCs, or one whose maker made mistakes.
import { PhyllomeError } from '../../contract/errors.ts';
import type { OsImage, OsNotice } from '../../contract/os.ts';
import { compareVersions } from '../systemd-version.ts';
import { flavourText, readUpdateFileName, type UpdateFile, type UpdateFileKind } from './file-names.ts';

export interface Offer {
  version: string;
  files: Record<UpdateFileKind, string>;
}

export interface Judged {
  /** What can be installed; null: nothing newer */
  offer: Offer | null;
  /** The newest version for this PC that is offered at all */
  newest: string;
}

const kinds = ['usr', 'usr-verity', 'kernel'] as const;

/**
 * @param names of all files in the list
 * @param from where it is, for people
 * @param failed versions that did not come up on this PC
 * @throws PhyllomeError `os-update-unusable`, `os-update-other`, `os-update-older`, `os-update-failed-before`
 */
export function judgeOffer(
  names: readonly string[],
  from: string,
  image: OsImage,
  failed: readonly { version: string; why: OsNotice['what'] }[],
): Judged {
  const files = names.map(readUpdateFileName).filter((file) => file !== null);
  if (files.length === 0) throw unusable(from, 'it names no update of Phyllome OS');
  const wanted = flavourText(image);
  const ours = files.filter((file) => flavourText(file) === wanted);
  if (ours.length === 0) {
    const found = [...new Set(files.map((file) => `${file.version} (${flavourText(file)})`))].slice(0, 4);
    throw new PhyllomeError('os-update-other', { from, found: found.join('; '), runs: wanted });
  }
  const versions = [...new Set(ours.map(({ version }) => version))].toSorted(compareVersions).toReversed();
  const newest = versions[0] ?? '';
  const order = compareVersions(newest, image.version);
  if (order < 0) throw new PhyllomeError('os-update-older', { from, found: newest, runs: image.version });
  const newer = versions.filter((version) => compareVersions(version, image.version) > 0);
  const able = newer.find((version) => !failed.some((one) => one.version === version));
  if (able !== undefined) return { offer: { version: able, files: complete(able, ours, from) }, newest };
  const [first] = newer;
  if (first === undefined) return { offer: null, newest };
  const why = failed.find(({ version }) => version === first)?.why ?? 'unhealthy';
  throw new PhyllomeError('os-update-failed-before', { version: first, reason: reasons[why] });
}

const reasons: Record<OsNotice['what'], string> = {
  unhealthy: 'it did not come up healthy on this PC',
  damaged: 'it could not be started any more on this PC',
  'put-aside': 'you went back from it',
};

function complete(
  version: string,
  ours: readonly UpdateFile[],
  from: string,
): Record<UpdateFileKind, string> {
  const of = (kind: UpdateFileKind): string => {
    const found = ours.filter((file) => file.version === version && file.kind === kind);
    if (found.length !== 1)
      throw unusable(
        from,
        `it names ${found.length === 0 ? 'no' : 'more than one'} ${kind} of version ${version}`,
      );
    return found[0]?.name ?? '';
  };
  return Object.fromEntries(kinds.map((kind) => [kind, of(kind)])) as Record<UpdateFileKind, string>;
}

const unusable = (from: string, reason: string): PhyllomeError =>
  new PhyllomeError('os-update-unusable', { from, reason });
