// SPDX-License-Identifier: Apache-2.0
import type { OsSlot, OsStatus } from '../../contract/os.ts';
import { plain } from '../terminal/output.ts';
import { textTable } from '../terminal/text-table.ts';
import { sizeText, timeText } from '../terminal/words.ts';

/** "phyllome os status" in lines. */
export function osLines(status: OsStatus): string[] {
  const { image, notice, pending } = status;
  if (image === null) return ['This PC does not run Phyllome OS.'];
  const { edition, distribution, version, architecture, live } = image;
  return [
    ...(notice === null ? [] : [plain(notice.text), '']),
    ...facts([
      ['version', `${version} (${edition}, ${distribution}, ${architecture})`],
      ['runs', live ? 'from a medium; nothing is kept' : 'from this PC'],
      ['next restart', pending === null ? 'the same version' : `brings version ${pending}`],
      ['updates', updateWords(status)],
      ['channel', status.updates.channel ?? 'none'],
      ['protection', protectionWords(status)],
      ['storage', storageWords(status)],
    ]),
    ...(status.slots.length === 0 ? [] : ['', ...slotLines(status.slots)]),
  ];
}

const facts = (pairs: readonly (readonly [string, string])[]): string[] =>
  textTable(
    [{ title: '' }, { title: '' }],
    pairs.map(([name, value]) => [name, plain(value)]),
  ).slice(1);

function slotLines(slots: readonly OsSlot[]): string[] {
  return textTable(
    [{ title: 'SLOT' }, { title: 'VERSION' }, { title: 'STATE' }, { title: 'ROOM', align: 'right' }],
    slots.map((slot) => [slot.name, plain(slot.version ?? '-'), stateWords(slot), sizeText(slot.bytes)]),
  );
}

function stateWords({ state, triesLeft }: OsSlot): string {
  switch (state) {
    case 'running':
      return triesLeft === null ? 'running' : 'running, on trial';
    case 'trying':
      return `on trial, ${triesLeft ?? 0} left`;
    case 'bad':
      return 'given up';
    case 'ready':
    case 'empty':
      return state;
  }
}

function updateWords({ updates: { automatic, lastCheck }, pending }: OsStatus): string {
  const how = {
    never: 'not looked for',
    check: 'looked for once a day',
    install: 'installed by themselves',
  };
  const words = [how[automatic]];
  if (pending !== null) words.push(`version ${pending} waits for a restart`);
  else if (lastCheck?.version != null) words.push(`version ${lastCheck.version} can be installed`);
  else if (lastCheck?.error != null) words.push(lastCheck.error.message);
  else if (lastCheck !== null) words.push(`nothing newer on ${timeText(lastCheck.at)}`);
  return words.join('; ');
}

function protectionWords({ protection: { secureBoot, tpm2, verity } }: OsStatus): string {
  const boot = secureBoot === null ? 'Secure Boot not known' : `Secure Boot ${secureBoot ? 'on' : 'off'}`;
  return [boot, tpm2 ? 'TPM 2.0' : 'no TPM 2.0', verity ? 'system sealed' : 'system not sealed'].join(', ');
}

function storageWords({ storage }: OsStatus): string {
  if (storage === null) return 'not known';
  const how = {
    none: 'not encrypted',
    luks: 'encrypted as a whole (LUKS)',
    fscrypt: 'machines encrypted (fscrypt)',
  };
  const { fileSystem, encryption, bytes, freeBytes } = storage;
  return `${fileSystem}, ${how[encryption]}, ${sizeText(freeBytes)} of ${sizeText(bytes)} free`;
}
