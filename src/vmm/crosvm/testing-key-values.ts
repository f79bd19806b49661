// SPDX-License-Identifier: Apache-2.0
//
// For tests: reads what we write for crosvm as crosvm would. Written from the grammar in serde_keyvalue (key_values.rs)
// and not from our writer, so that the two can disagree.

export type Parsed = Record<string, string | true>;

/** @throws Error with the words of crosvm */
export function parseKeyValues(input: string): Parsed {
  const parsed: Parsed = {};
  let at = 0;
  const fail = (what: string): never => {
    throw new Error(`${what} at position ${at}`);
  };
  const separates = (): boolean => at === input.length || input[at] === ',' || input[at] === ']';

  const identifier = (): string => {
    const found = /^[A-Za-z0-9_][A-Za-z0-9_-]*/.exec(input.slice(at))?.[0] ?? fail('expected an identifier');
    at += found.length;
    return found;
  };
  const doubleQuoted = (): string => {
    let text = '';
    for (at += 1; input[at] !== '"'; at += 1) {
      if (at >= input.length) return fail('expected a string');
      if (input[at] !== '\\') text += input[at];
      else if (input[at + 1] === '"' || input[at + 1] === '\\') text += input[(at += 1)];
      else return fail('expected a string');
    }
    at += 1;
    return text;
  };
  const singleQuoted = (): string => {
    const end = input.indexOf("'", at + 1);
    if (end === -1) return fail('expected a string');
    const text = input.slice(at + 1, end);
    at = end + 1;
    return text;
  };
  const unquoted = (): string => {
    const text = /^[^,"'[\]]+/.exec(input.slice(at))?.[0] ?? fail('expected a string');
    at += text.length;
    return text;
  };

  while (at < input.length) {
    const key = identifier();
    if (key in parsed) fail(`duplicate field ${key}`);
    if (separates()) parsed[key] = true;
    else {
      if (input[at] !== '=') fail("expected '='");
      at += 1;
      parsed[key] = input[at] === '"' ? doubleQuoted() : input[at] === "'" ? singleQuoted() : unquoted();
      if (!separates()) fail('" and \' can only be used in quoted strings');
    }
    if (input[at] === ']') fail('remaining characters in input');
    if (input[at] === ',') at += 1;
  }
  return parsed;
}
