// SPDX-License-Identifier: Apache-2.0
//
// Which system a medium is of, by osinfo-db's rules. All that a rule says must match; an empty label matches no expression.
import type { OsinfoDatabase, OsinfoMedium, OsinfoSystem } from './database.ts';
import { perlPattern } from './pattern.ts';

export interface MediumLabels {
  volume: string;
  system: string;
  publisher: string;
  application: string;
  /** Bytes, by the medium's own word */
  bytes: number;
  /** As osinfo-db calls it; null: not known */
  architecture: string | null;
}

export interface OsinfoMatch {
  system: OsinfoSystem;
  medium: OsinfoMedium;
  /** Null where its media for other processors look the same */
  architecture: string | null;
}

const fields = ['volume', 'system', 'publisher', 'application'] as const;

export function createOsinfoMatcher({ systems }: OsinfoDatabase) {
  const patterns = new Map<string, RegExp | null>();
  const pattern = (source: string): RegExp | null => {
    const known = patterns.get(source);
    if (known !== undefined) return known;
    const made = perlPattern(source);
    patterns.set(source, made);
    return made;
  };
  const matches = (medium: OsinfoMedium, labels: MediumLabels): boolean => {
    if (medium.size !== undefined && medium.size !== labels.bytes) return false;
    if (labels.architecture !== null && ![labels.architecture, 'all'].includes(medium.architecture))
      return false;
    const said = fields.filter((field) => medium[field] !== undefined);
    if (said.length === 0) return medium.size !== undefined;
    return said.every(
      (field) => labels[field] !== '' && pattern(medium[field] as string)?.test(labels[field]) === true,
    );
  };
  /** The best match: by size first, then one of a version, then the rule that says most, then the newest system. */
  return (labels: MediumLabels): OsinfoMatch | null => {
    let best: { system: OsinfoSystem; medium: OsinfoMedium; rank: number[] } | null = null;
    for (const system of systems) {
      for (const medium of system.media) {
        if (!matches(medium, labels)) continue;
        const rank = rankOf(system, medium);
        if (best === null || isBetter(rank, best.rank)) best = { system, medium, rank };
      }
    }
    if (best === null) return null;
    const { system, medium } = best;
    const alike = system.media.filter((other) => other.size === medium.size && matches(other, labels));
    const isOne = alike.every(({ architecture }) => architecture === medium.architecture);
    return { system, medium, architecture: isOne ? medium.architecture : null };
  };
}

function rankOf(system: OsinfoSystem, medium: OsinfoMedium): number[] {
  const open = system.status === 'rolling' || system.version === 'unknown' || system.id.endsWith('unknown');
  return [
    medium.size === undefined ? 0 : 1,
    open ? 0 : 1,
    medium.architecture === 'all' ? 0 : 1,
    fields.filter((field) => medium[field] !== undefined).length,
    medium.volume?.length ?? 0,
    Date.parse(system.released ?? '') || 0,
  ];
}

function isBetter(rank: readonly number[], than: readonly number[]): boolean {
  const different = rank.findIndex((value, index) => value !== than[index]);
  return different !== -1 && (rank[different] as number) > (than[different] as number);
}
