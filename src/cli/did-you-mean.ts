// SPDX-License-Identifier: Apache-2.0

// What people type who come from other tools.
const elsewhere: Readonly<Record<string, string>> = {
  attach: 'console',
  destroy: 'delete',
  info: 'show',
  inspect: 'show',
  kill: 'stop',
  ls: 'list',
  mv: 'rename',
  new: 'create',
  poweroff: 'stop',
  ps: 'list',
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
  // A word may be wrong in about a third of its letters; more and any suggestion is a guess.
  const tolerance = Math.max(1, Math.floor(word.length / 3));
  const [best] = known
    .map((candidate) => ({
      candidate,
      distance: word.length > 2 && candidate.startsWith(word) ? 0 : distance(word, candidate),
    }))
    .filter((near) => near.distance <= tolerance)
    .sort((a, b) => a.distance - b.distance);
  return best === undefined ? '' : ` Did you mean "${best.candidate}"?`;
}

/** Letters to insert, remove, replace or swap to turn one word into the other (optimal string alignment). */
function distance(from: string, to: string): number {
  let before: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const line = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1];
      const swapped =
        row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      line[column] = Math.min(
        (last[column] ?? 0) + 1,
        (line[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (before[column - 2] ?? 0) + 1 : Infinity,
      );
    }
    before = last;
    last = line;
  }
  return last[to.length] ?? 0;
}
