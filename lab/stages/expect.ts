// SPDX-License-Identifier: Apache-2.0

/** A stage says what does not hold, with what was found, and ends. */
export function must(holds: boolean, what: string, found?: unknown): asserts holds {
  if (holds) return;
  const evidence =
    found === undefined ? '' : `; found: ${typeof found === 'string' ? found : JSON.stringify(found)}`;
  throw new Error(`${what}${evidence}`);
}
