// SPDX-License-Identifier: Apache-2.0
import { command, done, fileWithLines, refused, requireProgram, type Draft, type Pc } from './draft.ts';
import { kvmModule as moduleOf, moduleExists, moduleThere } from './facts.ts';
import { editModprobeFiles, saysAbout } from './modprobe-files.ts';

/** Loads KVM, now and at every start, also where somebody has forbidden it in /etc/modprobe.d. */
export function kvmModule({ tree }: Pc): Draft {
  const module = moduleOf(tree);
  if (module === null) {
    if (tree.node('/dev/kvm') !== null) return done('/dev/kvm is there, without a module of its own.');
    return refused(
      'The processor shows neither VT-x (vmx) nor AMD-V (svm), so there is no module to load.',
      'Switch virtualization on in the firmware of this PC; "phyllome doctor" names the place.',
    );
  }
  if (moduleThere(tree, module)) return done(`The kernel module ${module} is loaded.`);
  if (moduleExists(tree, module) === false) {
    return refused(
      `The kernel that runs has no module ${module}.`,
      'Restart the PC if the kernel was updated lately; else install a kernel of your distribution for PCs.',
    );
  }
  const modprobe = requireProgram(tree, 'modprobe', `Load the module ${module} as your system does it.`);
  const forbidden = editModprobeFiles(tree, (line) =>
    forbids(line, module) ? `# by Phyllome: ${line}` : line,
  );
  const file = fileWithLines(tree, '/etc/modules-load.d/phyllome-kvm.conf', [module]);
  const cause =
    forbidden.length === 0 ? '' : ` ${forbidden.map(({ path }) => path).join(' and ')} forbids it.`;
  return {
    state: 'applicable',
    explanation: `The processor can run guests, but the kernel module ${module} is not loaded.${cause}`,
    files: [...forbidden, ...(file === null ? [] : [file])],
    commands: [
      command([modprobe, module], 'Loads it now', { undo: [modprobe, '-r', module], undoMayFail: true }),
    ],
    notes: [
      'If loading it fails with "Operation not supported", virtualization is switched off in the firmware: all is undone then.',
    ],
  };
}

// "blacklist" keeps a module from being loaded by itself, "install ... /bin/false" from being loaded at all.
function forbids(line: string, module: string): boolean {
  return ['kvm', module].some(
    (name) =>
      saysAbout(line, 'blacklist', name) ||
      (saysAbout(line, 'install', name) && /\/(false|true)\s*$/.test(line)),
  );
}
