// SPDX-License-Identifier: Apache-2.0
import { done, fileWithLines, refused, type Draft, type Pc } from './draft.ts';
import { groups, isMember } from './facts.ts';
import type { Tree } from './tree.ts';

const folder = '/etc/security/limits.d';

/**
 * Lets the user's programs lock memory without limit. A guest with a real device has all of its memory locked, because the
 * device may write there at any time. A figure would be no better: a limit counts for each process, and what all of them
 * may take is held by the budget.
 */
export function memlockLimit({ tree, user }: Pc): Draft {
  if (user === 'root') return done('root may lock as much memory as it likes.');
  if (user === null || !/^[\w][\w.@-]*\$?$/.test(user))
    return refused(
      'This system knows no name for you that a limit could be given to.',
      'Ask root to raise your limit of locked memory.',
    );
  if (tree.node('/etc/security')?.kind !== 'folder') {
    return refused(
      'This system has no /etc/security, so it does not use pam_limits.',
      'Raise the limit of locked memory (RLIMIT_MEMLOCK) where your system sets limits of users.',
    );
  }
  const notes = [
    'Takes effect when you have logged out and in again, for a service of systemd when the PC restarts.',
  ];
  if (unlimited(tree, user)) return done(`/etc/security lets ${user} lock memory without limit.`, notes);
  const file = fileWithLines(tree, `${folder}/phyllome-memlock.conf`, [`${user} - memlock unlimited`]);
  if (file === null)
    return done(`${folder}/phyllome-memlock.conf lets ${user} lock memory without limit.`, notes);
  return {
    state: 'applicable',
    explanation: `Programs of ${user} may lock only a little memory; a guest with a real device needs all of its own locked.`,
    files: [file],
    notes,
    needsLogin: true,
  };
}

// A line of limits.conf(5): who, "soft", "hard" or "-" for both, item, value.
function unlimited(tree: Tree, user: string): boolean {
  const mine = groups(tree).filter((group) => isMember(tree, user, group));
  const whos = new Set([user, '*', ...mine.map(({ name }) => `@${name}`)]);
  const files = ['/etc/security/limits.conf', ...tree.names(folder).map((name) => `${folder}/${name}`)];
  const types = new Set<string>();
  for (const line of files.flatMap((file) => (tree.text(file) ?? '').split('\n'))) {
    const [who = '', type = '', item, value = ''] = (line.split('#')[0] ?? '').trim().split(/\s+/);
    if (whos.has(who) && item === 'memlock' && /^(unlimited|infinity|-1)$/.test(value)) types.add(type);
  }
  return types.has('-') || (types.has('soft') && types.has('hard'));
}
