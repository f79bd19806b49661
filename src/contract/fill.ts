// SPDX-License-Identifier: Apache-2.0

type Fact = string | number | boolean | null | readonly string[];

/** Puts facts into the `{name}`s of a template; what is not known stays as it stands. */
export function fill(template: string, facts: Readonly<Record<string, unknown>>): string {
  return template.replaceAll(/\{(\w+)\}/g, (placeholder, name: string) => {
    const fact = facts[name] as Fact | undefined;
    if (fact === undefined) return placeholder;
    return Array.isArray(fact) ? fact.join(', ') : String(fact);
  });
}
