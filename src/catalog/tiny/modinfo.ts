// SPDX-License-Identifier: Apache-2.0
//
// What a Linux kernel module says about itself, and which modules it therefore needs. Distribution packages do
// not carry modules.dep (it is computed when they are installed), so we read the modules themselves.

export interface Modinfo {
  /** Names of the modules that must be loaded before this one */
  depends: string[];
  /** Device patterns this module drives, and other names it is asked for by */
  aliases: string[];
}

/** `virtio-gpu` and `virtio_gpu` are the same module: files use either, the kernel "_". */
export const moduleName = (file: string): string =>
  (file.split('/').at(-1) ?? '').replace(/\.ko(\.(xz|zst|gz))?$/, '').replaceAll('-', '_');

/**
 * The .modinfo section of an uncompressed module: `key=value` strings that end in NUL. They are found by their
 * keys, without reading the ELF sections around them.
 */
export function readModinfo(module: Buffer): Modinfo {
  const values = (key: string): string[] => {
    const found: string[] = [];
    const needle = Buffer.from(`\0${key}=`);
    for (let at = module.indexOf(needle); at !== -1; at = module.indexOf(needle, at + 1)) {
      const start = at + needle.length;
      found.push(module.toString('latin1', start, module.indexOf(0, start)));
    }
    return found;
  };
  // "pre: a b post: c": the ones behind "pre:" are wanted before.
  const soft = values('softdep').flatMap(
    (text) => /pre:\s*([^:]*?)\s*(?:post:|$)/.exec(text)?.[1]?.split(/\s+/) ?? [],
  );
  const hard = values('depends').flatMap((text) => text.split(','));
  const names = [...hard, ...soft].filter((name) => name !== '').map(moduleName);
  return { depends: [...new Set(names)], aliases: values('alias') };
}

/**
 * `wanted` and everything they need, each after what it needs itself. A name that `depends` does not know is
 * left out: it is part of the kernel, or this kernel does not have it.
 */
export function closure(
  wanted: readonly string[],
  depends: ReadonlyMap<string, readonly string[]>,
): string[] {
  const ordered = new Set<string>();
  const visiting = new Set<string>();
  const visit = (name: string): void => {
    const needs = depends.get(name);
    if (needs === undefined || ordered.has(name) || visiting.has(name)) return;
    visiting.add(name);
    for (const need of needs) visit(need);
    ordered.add(name);
  };
  for (const name of wanted) visit(name);
  return [...ordered];
}
