// SPDX-License-Identifier: Apache-2.0
//
// systemd-logind, asked by its own programs: it tells when this PC is about to be switched off or to sleep, and waits a
// little for those who said before that they have something to do then (a "delay inhibitor").
// https://systemd.io/INHIBITOR_LOCKS/
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { findBinary } from './binaries.ts';

export type HostPower = 'shutdown' | 'sleep';

/** The programs that talk to it. */
export interface LoginPrograms {
  /** systemd-inhibit */
  inhibit: string;
  /** gdbus, of GLib */
  gdbus: string;
}

/** What is missing for it, in words, when this PC has no such thing. */
export function findLoginManager(root = '/'): LoginPrograms | string {
  if (!existsSync(`${root}run/systemd/system`)) return 'this PC has no systemd-logind';
  const inhibit = findBinary('systemd-inhibit');
  const gdbus = findBinary('gdbus');
  if (inhibit === null) return 'systemd-inhibit is not installed';
  return gdbus === null ? 'gdbus (of GLib) is not installed' : { inhibit, gdbus };
}

export interface PowerWatch extends Disposable {
  /** Lets this PC go on with what it is about to do */
  release(): void;
  /** Asks it again to wait the next time, e.g. after it woke up */
  hold(): void;
}

/**
 * Asks this PC to wait, and listens for when it does.
 * @param onPower `begins` is false when it woke up, or was not switched off after all
 * @param onProblem hears, in words, that it cannot be done (any longer)
 */
export function watchHostPower(
  { inhibit, gdbus }: LoginPrograms,
  kinds: readonly HostPower[],
  onPower: (kind: HostPower, begins: boolean) => void,
  onProblem: (text: string) => void,
): PowerWatch {
  let holder: ChildProcess | null = null;
  let ended = false;

  const started = (program: string, parameters: string[], input: 'pipe' | 'ignore'): ChildProcess => {
    const child = spawn(program, parameters, { stdio: [input, 'pipe', 'ignore'] });
    const fail = (reason: string): void => {
      if (ended || child === abandoned) return;
      onProblem(`${program} ${reason}`);
    };
    child.once('error', (error) => fail(`cannot be executed: ${error.message}`));
    child.once('exit', (code, signal) => fail(`ended (${signal ?? code})`));
    // What keeps the service alive is its machines.
    child.unref();
    return child;
  };
  let abandoned: ChildProcess | null = null;

  // The lock lives as long as this process, which ends when its input does, and so with us whatever happens to us.
  const hold = (): void => {
    holder ??= started(
      inhibit,
      [
        `--what=${kinds.join(':')}`,
        '--mode=delay',
        '--who=Phyllome',
        '--why=Virtual machines are saved',
        'cat',
      ],
      'pipe',
    );
  };
  const release = (): void => {
    abandoned = holder;
    holder?.stdin?.end();
    holder = null;
  };
  hold();

  const place = ['--dest', 'org.freedesktop.login1', '--object-path', '/org/freedesktop/login1'];
  const listener = started(gdbus, ['monitor', '--system', ...place], 'ignore');
  if (listener.stdout !== null)
    createInterface({ input: listener.stdout }).on('line', (line) => {
      const [, word, value] = /\.PrepareFor(Shutdown|Sleep) \((true|false),\)/.exec(line) ?? [];
      const kind: HostPower = word === 'Sleep' ? 'sleep' : 'shutdown';
      if (word !== undefined && kinds.includes(kind)) onPower(kind, value === 'true');
    });

  return {
    hold,
    release,
    [Symbol.dispose]() {
      ended = true;
      release();
      listener.kill();
    },
  };
}
