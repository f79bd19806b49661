// SPDX-License-Identifier: Apache-2.0

export type Variables = Readonly<Record<string, string>>;

/**
 * Reads a grubenv: lines of NAME=VALUE behind a heading, filled up with "#". A backslash keeps the next character as it
 * is, a line break too (grub-core/lib/envblk.c of GRUB says so).
 */
export function parseGrubEnvironment(text: string): Record<string, string> {
  const variables = noVariables();
  for (const line of text.match(/(?:\\[\s\S]|[^\\\n])+/g) ?? []) {
    const sign = line.indexOf('=');
    if (line.startsWith('#') || sign <= 0) continue;
    variables[line.slice(0, sign)] = line.slice(sign + 1).replaceAll(/\\([\s\S])/g, '$1');
  }
  return variables;
}

/** Without a prototype: names are a guest's, and "constructor" is one. */
export function noVariables(): Record<string, string> {
  return Object.create(null) as Record<string, string>;
}

// What text may grow to; a hostile one could double itself line by line (characters).
const longestValue = 8192;
const longestText = 2 ** 20;

/** Puts variables in for $NAME and ${NAME}; unknown ones are empty, as in GRUB. */
export function expand(text: string, variables: Variables): string {
  let length = text.length;
  return text.replaceAll(
    /\$(?:\{([A-Za-z0-9_@?#*-]+)\}|([A-Za-z_][A-Za-z0-9_]*|[?@#*0-9]))/g,
    (_, braced?: string, bare?: string) => {
      const name = braced ?? bare ?? '';
      const value = Object.hasOwn(variables, name) ? (variables[name] ?? '').slice(0, longestValue) : '';
      length += value.length;
      return length > longestText ? '' : value;
    },
  );
}
