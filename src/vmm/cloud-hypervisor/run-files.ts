// SPDX-License-Identifier: Apache-2.0
//
// What is in the run folder of a Cloud Hypervisor, in one place: planner and session both need the names.
import { dirname, join } from 'node:path';

export interface RunFiles {
  /** Its HTTP API */
  control: string;
  /** Base of the named pipe that people type into */
  serial: string;
  /** Appears when the terminal of the guest's serial port has a name; a link to it */
  terminal: string;
  /** The same link while somebody reads there */
  openTerminal: string;
  vsock: string;
}

export function runFiles(run: string): RunFiles {
  const file = (name: string): string => join(run, name);
  return {
    control: file('control'),
    serial: file('serial'),
    terminal: file('terminal'),
    openTerminal: file('terminal.open'),
    vsock: file('vsock'),
  };
}

/** The same, from where its API is. */
export function runFilesOf({ control }: { control: string }): RunFiles {
  return runFiles(dirname(control));
}
