// SPDX-License-Identifier: Apache-2.0
import { command, done, fileWithLines, refused, requireProgram, type Draft, type Pc } from './draft.ts';
import { moduleExists, moduleThere } from './facts.ts';

const modules = ['vhost_net', 'vhost_vsock'];

/** Loads what makes the network of guests quick (vhost_net) and gives them a direct line to the host (vhost_vsock). */
export function vhostModules({ tree }: Pc): Draft {
  const missing = modules.filter((name) => !moduleThere(tree, name));
  if (missing.length === 0) return done('vhost_net and vhost_vsock are loaded.');
  const known = missing.filter((name) => moduleExists(tree, name) !== false);
  if (known.length === 0) {
    return refused(
      `The kernel that runs has no ${missing.join(' and no ')}.`,
      'Restart the PC if the kernel was updated lately; else install a kernel of your distribution for PCs.',
    );
  }
  const modprobe = requireProgram(tree, 'modprobe', `Load ${known.join(' and ')} as your system does it.`);
  const file = fileWithLines(tree, '/etc/modules-load.d/phyllome-vhost.conf', known);
  return {
    state: 'applicable',
    explanation: `Not loaded: ${missing.join(', ')}.`,
    files: file === null ? [] : [file],
    commands: known.map((name) =>
      command([modprobe, name], 'Loads it now', { undo: [modprobe, '-r', name], undoMayFail: true }),
    ),
    notes: missing
      .filter((name) => !known.includes(name))
      .map((name) => `The kernel that runs has no ${name}.`),
  };
}
