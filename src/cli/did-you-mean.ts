// SPDX-License-Identifier: Apache-2.0
import { nearWords } from '../contract/near-words.ts';

// What people type who come from other tools.
const elsewhere: Readonly<Record<string, string>> = {
  attach: 'console',
  destroy: 'delete',
  fetch: 'download',
  import: 'upload',
  info: 'show',
  inspect: 'show',
  iso: 'images',
  kill: 'stop',
  ls: 'list',
  mv: 'rename',
  new: 'create',
  poweroff: 'stop',
  ps: 'list',
  pull: 'download',
  reboot: 'reset',
  remove: 'delete',
  restart: 'reset',
  rm: 'delete',
  shutdown: 'stop',
  status: 'list',
  suspend: 'pause',
  unpause: 'resume',
};

/** ' Did you mean "list"?', or nothing when no known word is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const same = elsewhere[word];
  if (same !== undefined && known.includes(same)) return ` Did you mean "${same}"?`;
  const [best] = nearWords(word, known, 1);
  return best === undefined ? '' : ` Did you mean "${best}"?`;
}
