// SPDX-License-Identifier: Apache-2.0
import type { FileChange } from '../../contract/fix.ts';

// Unchanged lines shown around a change, as all tools do it.
const context = 3;
// Beyond this many pairs of lines to compare, a change is shown as a whole: nobody reads such a diff line by line.
const mostPairs = 4_000_000;

type Line = { sign: ' ' | '-' | '+'; text: string };

/** Changes of files as a unified diff that people, git and patch understand. Empty when nothing changes. */
export function unifiedDiff(changes: readonly FileChange[]): string {
  return changes.map(fileDiff).join('');
}

function fileDiff({ path, before, after, mode }: FileChange): string {
  if (before === after) return '';
  const bits = (0o100000 | mode).toString(8);
  const head = [
    ...(before === null ? [`new file mode ${bits}`] : []),
    ...(after === null ? [`deleted file mode ${bits}`] : []),
    `--- ${before === null ? '/dev/null' : `a${path}`}`,
    `+++ ${after === null ? '/dev/null' : `b${path}`}`,
  ];
  const body = hunks(compare(linesOf(before ?? ''), linesOf(after ?? '')));
  return `${[...head, ...body].join('\n')}\n`;
}

// Each line with its line break, so that a last line without one differs from one with.
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

function compare(old: readonly string[], now: readonly string[]): Line[] {
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  while (
    tail < old.length - head &&
    tail < now.length - head &&
    old[old.length - 1 - tail] === now[now.length - 1 - tail]
  )
    tail += 1;
  return [
    ...old.slice(0, head).map(kept),
    ...differences(old.slice(head, old.length - tail), now.slice(head, now.length - tail)),
    ...old.slice(old.length - tail).map(kept),
  ];
}

const kept = (text: string): Line => ({ sign: ' ', text });
const removed = (text: string): Line => ({ sign: '-', text });
const added = (text: string): Line => ({ sign: '+', text });

// The longest common subsequence, by the table of its lengths.
function differences(old: readonly string[], now: readonly string[]): Line[] {
  if (old.length * now.length > mostPairs) return [...old.map(removed), ...now.map(added)];
  const width = now.length + 1;
  const common = new Uint32Array((old.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1)
    for (let j = now.length - 1; j >= 0; j -= 1)
      common[i * width + j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const lines: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < now.length) {
    const before = old[i];
    const after = now[j];
    if (before !== undefined && before === after) {
      lines.push({ sign: ' ', text: before });
      i += 1;
      j += 1;
    } else if (before !== undefined && (after === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push(removed(before));
      i += 1;
    } else {
      lines.push(added(after ?? ''));
      j += 1;
    }
  }
  return lines;
}

function hunks(lines: readonly Line[]): string[] {
  const shown = lines.map((_, index) =>
    lines.slice(Math.max(0, index - context), index + context + 1).some(({ sign }) => sign !== ' '),
  );
  const result: string[] = [];
  let [oldLine, newLine] = [1, 1];
  for (let index = 0; index < lines.length;) {
    let end = index;
    while (end < lines.length && shown[end] === shown[index]) end += 1;
    const part = lines.slice(index, end);
    const oldCount = part.filter(({ sign }) => sign !== '+').length;
    const newCount = part.filter(({ sign }) => sign !== '-').length;
    if (shown[index] === true) {
      result.push(`@@ -${range(oldLine, oldCount)} +${range(newLine, newCount)} @@`);
      for (const { sign, text } of part) {
        result.push(sign + text.replace(/\n$/, ''));
        if (!text.endsWith('\n')) result.push('\\ No newline at end of file');
      }
    }
    oldLine += oldCount;
    newLine += newCount;
    index = end;
  }
  return result;
}

// Of nothing, the line before it is named.
function range(line: number, count: number): string {
  if (count === 1) return String(line);
  return `${count === 0 ? line - 1 : line},${count}`;
}
