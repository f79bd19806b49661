// SPDX-License-Identifier: Apache-2.0
import { command, done, fileWithLines, refused, requireProgram, type Draft, type Pc } from './draft.ts';
import { groups } from './facts.ts';
import { groupFiles } from './group-files.ts';

// As systemd's own rule says it, whose file is absent or overridden where this is needed. A name that begins with a letter is
// read after all those that begin with a number, so it has the last word.
const path = '/etc/udev/rules.d/phyllome-kvm.rules';
const rule = 'KERNEL=="kvm", SUBSYSTEM=="misc", GROUP="kvm", MODE="0660", OPTIONS+="static_node=kvm"';

/** Gives /dev/kvm to the group kvm, now and at every start. */
export function kvmUdev({ tree }: Pc): Draft {
  const node = tree.node('/dev/kvm');
  if (node === null)
    return refused(
      'There is no /dev/kvm whose owner could be changed.',
      'See what "phyllome doctor" says about KVM first.',
    );
  const known = groups(tree);
  const owner = known.find(({ gid }) => gid === node.gid);
  const mode = node.mode.toString(8);
  if ((node.mode & 0o006) === 0o006) return done('Everybody may use /dev/kvm.');
  if (node.gid !== 0 && owner !== undefined && (node.mode & 0o060) === 0o060)
    return done(`/dev/kvm belongs to the group ${owner.name} (mode ${mode}).`);
  const byHand = 'Until the next start this helps: sudo chgrp kvm /dev/kvm; sudo chmod 660 /dev/kvm';
  const udevadm = requireProgram(tree, 'udevadm', `This PC does without udev, or is a container. ${byHand}`);
  const file = fileWithLines(tree, path, [rule]);
  if (file === null) {
    return refused(
      `${path} gives /dev/kvm to the group kvm, but it belongs to ${owner?.name ?? node.gid} with mode ${mode}.`,
      `Another rule, or the program that made /dev/kvm, has the last word. ${byHand}`,
    );
  }
  const missing = !known.some(({ name }) => name === 'kvm');
  const groupadd = missing ? requireProgram(tree, 'groupadd', 'Make a system group "kvm" first.') : '';
  return {
    state: 'applicable',
    explanation: `/dev/kvm belongs to the group ${owner?.name ?? node.gid} with mode ${mode}, so only root may use it.`,
    files: [file],
    commands: [
      ...(missing
        ? [
            command([groupadd, '--system', 'kvm'], 'Makes the group', {
              touches: groupFiles,
              undo: [groupadd.replace(/groupadd$/, 'groupdel'), 'kvm'],
            }),
          ]
        : []),
      command([udevadm, 'control', '--reload'], 'Makes udev read its rules again', {
        undo: [udevadm, 'control', '--reload'],
        undoMayFail: true,
      }),
      command(
        [udevadm, 'trigger', '--action=change', '--settle', '--sysname-match=kvm', '--subsystem-match=misc'],
        'Applies the rule to /dev/kvm now',
        { touches: ['/dev/kvm'] },
      ),
    ],
    notes: ['You also have to be in the group: phyllome doctor --fix kvm-group'],
  };
}
