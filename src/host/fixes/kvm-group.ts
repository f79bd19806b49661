// SPDX-License-Identifier: Apache-2.0
import type { FileChange } from '../../contract/fix.ts';
import { command, done, refused, requireProgram, type Draft, type Pc } from './draft.ts';
import { groups, isMember } from './facts.ts';
import { groupFiles } from './group-files.ts';
import type { Tree } from './tree.ts';

/** Puts the user into the group that owns /dev/kvm. */
export function kvmGroup({ tree, user }: Pc): Draft {
  const node = tree.node('/dev/kvm');
  if (node === null)
    return refused(
      'There is no /dev/kvm whose group could be joined.',
      'See what "phyllome doctor" says about KVM first.',
    );
  if ((node.mode & 0o006) === 0o006) return done('Everybody may use /dev/kvm.');
  if (user === 'root') return done('root may use /dev/kvm without being in its group.');
  const group = groups(tree).find(({ gid }) => gid === node.gid);
  // Whoever is in the group of root can do more than run guests.
  if (node.gid === 0 || group === undefined || (node.mode & 0o060) !== 0o060) {
    return refused(
      `/dev/kvm belongs to the group ${group?.name ?? node.gid} with mode ${node.mode.toString(8)}: joining it does not help, or gives too much.`,
      'Give /dev/kvm a group of its own first: phyllome doctor --fix kvm-udev',
    );
  }
  if (user === null || !/^[\w][\w.@-]*\$?$/.test(user))
    return refused(
      'This system knows no name for you that a group could list.',
      'Ask root to give you access to /dev/kvm.',
    );
  const untilThen = `Until you have logged in again, this starts Phyllome with the new group: phyllome down; sg ${group.name} -c "phyllome up"`;
  if (isMember(tree, user, group)) {
    const text = `${user} is in the group ${group.name}, which owns /dev/kvm.`;
    return done(text, [
      `If /dev/kvm is still refused, your session is older than that: log out and in again. ${untilThen}`,
    ]);
  }
  const gpasswd = requireProgram(
    tree,
    'gpasswd',
    `Add ${user} to the group ${group.name} as your system does it.`,
  );
  return {
    state: 'applicable',
    explanation: `/dev/kvm belongs to the group ${group.name}, and ${user} is not in it.`,
    commands: [
      command([gpasswd, '-a', user, group.name], `Puts ${user} into the group ${group.name}`, {
        touches: groupFiles,
        expected: lineWithMember(tree, group.name, user),
        undo: [gpasswd, '-d', user, group.name],
      }),
    ],
    notes: [`Takes effect when you have logged out and in again. ${untilThen}`],
    needsLogin: true,
  };
}

// What gpasswd makes of the line, to be shown; a group file that is no plain text is left to gpasswd unseen.
function lineWithMember(tree: Tree, group: string, user: string): FileChange[] {
  const path = '/etc/group';
  const before = tree.text(path);
  const node = tree.node(path);
  if (before === null || node === null) return [];
  const after = before
    .split('\n')
    .map((line) => (line.startsWith(`${group}:`) ? `${line}${line.endsWith(':') ? '' : ','}${user}` : line))
    .join('\n');
  return [{ path, before, after, mode: node.mode }];
}
