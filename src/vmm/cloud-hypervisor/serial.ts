// SPDX-License-Identifier: Apache-2.0
//
// The guest's serial port. Cloud Hypervisor can write it to a file, or have somebody read and type at a terminal (pty)
// of its own, but not both. So it gets a terminal, and a helper carries what is written there to the log and what is
// typed into our pipe to it. The helper has the life of the machine, not of the service: nothing is lost when the
// service is away. Until somebody opens the terminal, Cloud Hypervisor keeps what the guest says.
//
// Only Cloud Hypervisor knows the name of the terminal, and tells it when it has booted; each time the guest begins
// anew, it is another one. Whoever asked leaves a link for the helper. It takes the link away (one rename), so a link is
// read once: numbers of terminals are used again, and by then the terminal may be that of a person.
import { readlink, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { MachineDefinition } from '../../contract/machine.ts';
import type { PlannedProcess } from '../../contract/plan.ts';
import type { MachinePaths } from '../driver.ts';
import type { Tool } from '../tool.ts';
import { runFiles, type RunFiles } from './run-files.ts';

export const serialLog = (logs: string): string => join(logs, 'serial.log');

// A terminal that hangs up sends SIGHUP to whoever has it as his own; `cat` in a process of its own never does, and reads
// an error instead, which is the end of that terminal. Every word of a plan's own comes as an argument.
// $1 the link, $2 its name while it is read, $3 the pipe that is typed into, $4 cat
const carry = [
  "trap '' HUP",
  'while :; do',
  '  until [ -h "$1" ]; do sleep 0.1; done',
  '  mv -f "$1" "$2"',
  '  "$4" "$3" >"$2" &',
  '  "$4" "$2" 2>/dev/null',
  '  kill $! 2>/dev/null; wait',
  '  rm -f "$2"',
  'done',
].join('\n');

export function planSerial(
  { sh, cat }: Record<'sh' | 'cat', Tool>,
  paths: MachinePaths,
): { helper: PlannedProcess; pipe: string } {
  const { serial, terminal, openTerminal } = runFiles(paths.run);
  const input = `${serial}.in`;
  return {
    pipe: serial,
    helper: {
      name: 'serial',
      command: [
        sh.path ?? '/bin/sh',
        '-c',
        carry,
        'serial',
        terminal,
        openTerminal,
        input,
        cat.path ?? '/bin/cat',
      ],
      log: join(paths.logs, 'serial-helper.log'),
      // It holds the pipe open, so that one can type before the guest has a terminal.
      input,
      output: serialLog(paths.logs),
      ready: null,
    },
  };
}

export function hasSerial({ serialPorts }: Pick<MachineDefinition, 'serialPorts'>): boolean {
  return serialPorts > 0;
}

/**
 * Leaves the terminal for the helper, unless it reads there already.
 * @param name /dev/pts/N
 */
export async function offerTerminal({ terminal, openTerminal }: RunFiles, name: string): Promise<void> {
  if ((await readlink(openTerminal).catch(() => null)) === name) return;
  const fresh = `${terminal}.new`;
  await rm(fresh, { force: true });
  await symlink(name, fresh);
  await rename(fresh, terminal);
}
