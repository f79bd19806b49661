// SPDX-License-Identifier: Apache-2.0

/**
 * The step of a task in the language of the page. The service speaks English; what it says often is known by heart, a
 * name in it stands at "{}". What nobody translated stays as it is.
 */
export function stepWords(step: string, known: Readonly<Record<string, string>>): string {
  if (Object.hasOwn(known, step)) return known[step] ?? step;
  for (const [pattern, words] of Object.entries(known)) {
    if (!pattern.endsWith(' {}')) continue;
    const start = pattern.slice(0, -2);
    if (step.startsWith(start)) return words.replace('{}', () => step.slice(start.length));
  }
  return step;
}
