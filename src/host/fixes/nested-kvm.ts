// SPDX-License-Identifier: Apache-2.0
import { done, fileWithLines, refused, type Draft, type Pc } from './draft.ts';
import { kvmModule } from './facts.ts';
import { editModprobeFiles, modprobeFiles, saysAbout } from './modprobe-files.ts';

const off = /\bnested=(0|n|N)\b/;
const on = /\bnested=(1|y|Y)\b/;

/** Lets guests run guests of their own. Kernels since 4.20 do by themselves; this is for those where it was switched off. */
export function nestedKvm({ tree }: Pc): Draft {
  const module = kvmModule(tree);
  const now = module === null ? null : (tree.text(`/sys/module/${module}/parameters/nested`)?.trim() ?? null);
  if (module === null || now === null) {
    return refused(
      'The module of KVM is not loaded, so it cannot be asked whether guests may run guests.',
      'See what "phyllome doctor" says about KVM first.',
    );
  }
  if (/^[1Yy]$/.test(now)) return done(`${module} lets guests run guests (nested=${now}).`);
  const restart = `Takes effect when the PC restarts. Without a restart, while no machine runs: sudo modprobe -r ${module}; sudo modprobe ${module}`;
  const isOption = (line: string): boolean => saysAbout(line, 'options', module);
  const edits = editModprobeFiles(tree, (line) =>
    isOption(line) && off.test(line) ? line.replace(off, 'nested=1') : line,
  );
  const said = modprobeFiles(tree).some((path) =>
    (tree.text(path) ?? '').split('\n').some((line) => isOption(line) && (on.test(line) || off.test(line))),
  );
  const file = said
    ? null
    : fileWithLines(tree, '/etc/modprobe.d/phyllome-kvm.conf', [`options ${module} nested=1`]);
  const files = file === null ? edits : [...edits, file];
  if (files.length === 0)
    return done(`It is switched on in /etc/modprobe.d, and not yet in effect.`, [restart]);
  return {
    state: 'applicable',
    explanation: `${module} does not let guests run guests (nested=${now}).`,
    files,
    notes: [restart],
    needsReboot: true,
  };
}
