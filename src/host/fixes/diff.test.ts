// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unifiedDiff } from './diff.ts';

const change = (before: string | null, after: string | null) =>
  unifiedDiff([{ path: '/etc/x', before, after, mode: 0o644 }]);

test('a line in the middle, with three lines around it', () => {
  expect(change('1\n2\n3\n4\n5\n6\n7\n8\n9\n', '1\n2\n3\n4\n5!\n6\n7\n8\n9\n')).toBe(
    '--- a/etc/x\n+++ b/etc/x\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+5!\n 6\n 7\n 8\n',
  );
});

test('a new file, a file that goes, an end without a line break', () => {
  expect(change(null, 'a\n')).toBe('new file mode 100644\n--- /dev/null\n+++ b/etc/x\n@@ -0,0 +1 @@\n+a\n');
  expect(change('a\n', null)).toBe(
    'deleted file mode 100644\n--- a/etc/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n',
  );
  expect(change('a', 'a\n')).toContain('@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n');
});

test('nothing changes: nothing to show', () => {
  expect(change('a\n', 'a\n')).toBe('');
});

// The other direction, written from the format's description: what the lines of a diff say becomes a text again.
function patched(before: string, diff: string): string {
  const old = before.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const result: string[] = [];
  let next = 0;
  const lines = diff.split('\n').slice(2, -1);
  for (const [index, line] of lines.entries()) {
    const head = /^@@ -(\d+)(?:,(\d+))? /.exec(line);
    if (head !== null) {
      const start = Number(head[1]) - (head[2] === '0' ? 0 : 1);
      while (next < start) result.push(old[next++] ?? '');
    } else if (!line.startsWith('\\')) {
      const text = line.slice(1) + (lines[index + 1]?.startsWith('\\') === true ? '' : '\n');
      if (!line.startsWith('+')) expect(old[next++]).toBe(text);
      if (!line.startsWith('-')) result.push(text);
    }
  }
  return result.join('') + old.slice(next).join('');
}

test('applied to the old text, it gives the new one', () => {
  const text = fc
    .tuple(fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 30 }), fc.boolean())
    .map(([lines, end]) => lines.join('\n') + (end && lines.length > 0 ? '\n' : ''));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const diff = change(before, after);
      expect(diff === '' ? before : patched(before, diff)).toBe(after);
    }),
    { numRuns: 500 },
  );
});
