// SPDX-License-Identifier: Apache-2.0
//
// Which packages an image is made of: os/packages.yaml, read and checked, and the lists that follow from it.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { editions, type Edition } from '../../src/contract/os.ts';
import { Type, type Static } from '../../src/contract/schema.ts';
import { completeValue, problemText } from '../../src/contract/validate.ts';

export const distributions = ['debian', 'fedora'] as const;
export type Distribution = (typeof distributions)[number];

/** The releases that the names of packages.yaml belong to. */
export const releases = { debian: 'trixie', fedora: '44' } as const satisfies Record<Distribution, string>;

/** Names of packages, or why a distribution needs none for this. */
const Names = Type.Union([
  Type.Array(Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9.+_-]*$' })),
  Type.Object({ none: Type.String({ minLength: 3 }) }, { additionalProperties: false }),
]);

const Capability = Type.Object(
  {
    for: Type.String({ minLength: 3 }),
    debian: Names,
    fedora: Names,
    editions: Type.Optional(Type.Array(Type.Unsafe<Edition>({ type: 'string', enum: [...editions] }))),
    hardware: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
type Capability = Static<typeof Capability>;

/** Capabilities by their name. */
export type Packages = ReadonlyMap<string, Capability>;

const packagesFile = join(import.meta.dirname, '../packages.yaml');

/** @throws Error that names everything wrong with the file */
export async function readPackages(file = packagesFile): Promise<Packages> {
  return parsePackages(await readFile(file, 'utf8'));
}

/** @throws Error that names everything wrong with the text */
export function parsePackages(text: string): Packages {
  const content: unknown = parse(text);
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw new Error('packages.yaml: not a list of capabilities by name');
  const packages = new Map<string, Capability>();
  const mistakes: string[] = [];
  for (const [name, entry] of Object.entries(content)) {
    const { value, problems } = completeValue(Capability, entry);
    mistakes.push(...problems.map((problem) => `${name}: ${problemText(problem)}`));
    if (problems.length === 0) {
      const capability = value as Capability;
      const lists = [capability.debian, capability.fedora, capability.editions];
      if (lists.some((list) => Array.isArray(list) && list.length === 0)) {
        mistakes.push(`${name}: an empty list says nothing; say { none: WHY }, or leave the key out`);
      }
      packages.set(name, capability);
    }
  }
  if (mistakes.length > 0) throw new Error(`packages.yaml: ${mistakes.join('; ')}`);
  return packages;
}

/** Packages of one distribution, or nothing where it needs none. */
export function namesOf(capability: Capability, distribution: Distribution): readonly string[] {
  const names = capability[distribution];
  return Array.isArray(names) ? names : [];
}

/** What an image of this edition gets; firmware and microcode only for real hardware. Sorted, so builds are alike. */
export function packagesFor(
  packages: Packages,
  distribution: Distribution,
  edition: Edition,
  { hardware }: { hardware: boolean },
): string[] {
  const wanted = [...packages.values()].filter((capability) => {
    if (capability.hardware === true && !hardware) return false;
    return capability.editions === undefined || capability.editions.includes(edition);
  });
  return [...new Set(wanted.flatMap((capability) => namesOf(capability, distribution)))].toSorted();
}
