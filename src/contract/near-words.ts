// SPDX-License-Identifier: Apache-2.0

/**
 * Known words that somebody may have meant who typed another one, the nearest first.
 *
 * A word may be wrong in about a third of its letters; more, and any suggestion is a guess. The beginning of a
 * known word counts as that word.
 */
export function nearWords(word: string, known: readonly string[], atMost = 3): string[] {
  const tolerance = Math.max(1, Math.floor(word.length / 3));
  return known
    .map((candidate) => ({
      candidate,
      distance: word.length > 2 && candidate.startsWith(word) ? 0 : distance(word, candidate),
    }))
    .filter((near) => near.distance <= tolerance)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, atMost)
    .map(({ candidate }) => candidate);
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
