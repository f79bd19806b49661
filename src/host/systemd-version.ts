// SPDX-License-Identifier: Apache-2.0
//
// Versions in the order of systemd (UAPI.10), which is the one systemd-boot and systemd-sysupdate go by.

/**
 * What a version of ours may look like. The specification allows more; what is left out means something in file names of
 * systemd-boot ("+"), in patterns of systemd-sysupdate ("@", "%") or in paths. 26 characters keep it inside the label of a partition.
 */
export const versionPattern = /^[0-9a-zA-Z][0-9a-zA-Z.~^-]{0,25}$/;

const isSeparator = (character: string): boolean => !/[0-9a-zA-Z~\-^.]/.test(character);

/** @returns below zero when `a` is older, above when it is newer */
export function compareVersions(a: string, b: string): number {
  let [left, right] = [a, b];
  for (;;) {
    left = withoutSeparators(left);
    right = withoutSeparators(right);
    // A pre-release comes before everything, even before the end.
    for (const mark of ['~', 'end', '-', '^', '.'] as const) {
      const has = (text: string): boolean => (mark === 'end' ? text === '' : text.startsWith(mark));
      const [inLeft, inRight] = [has(left), has(right)];
      if (mark === 'end' && inLeft && inRight) return 0;
      if (inLeft !== inRight) return inLeft ? -1 : 1;
      if (inLeft) {
        left = left.slice(1);
        right = right.slice(1);
      }
    }
    const digits = /^[0-9]/.test(left) || /^[0-9]/.test(right);
    const run = digits ? /^[0-9]*/ : /^[a-zA-Z]*/;
    const first = run.exec(left)?.[0] ?? '';
    const second = run.exec(right)?.[0] ?? '';
    const order = digits ? compareNumbers(first, second) : compareLetters(first, second);
    if (order !== 0) return order;
    left = left.slice(first.length);
    right = right.slice(second.length);
  }
}

function withoutSeparators(text: string): string {
  let at = 0;
  while (at < text.length && isSeparator(text[at] ?? '')) at += 1;
  return text.slice(at);
}

// Of any length, so not by way of a number. No digits at all is less than zero.
function compareNumbers(a: string, b: string): number {
  if ((a === '') !== (b === '')) return a === '' ? -1 : 1;
  const [left, right] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  return left.length - right.length || compareLetters(left, right);
}

function compareLetters(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
