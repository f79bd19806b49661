// SPDX-License-Identifier: Apache-2.0
//
// Limits by systemd: each machine in a scope of its own, all scopes in one slice that has the limits. The scopes also
// keep machines alive when the session or the service that started them ends.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { cgroupPlaces } from '../host/cgroup.ts';
import { findBinary } from '../host/binaries.ts';
import { describeGroup } from './cgroup-slice.ts';
import type { EnforcementParts, Slice } from './enforcement.ts';

const slice = 'phyllome.slice';
// systemd answers in some ten milliseconds; a stuck one must not hold up a start (ms).
const patience = 2000;
const bus = [
  'org.freedesktop.systemd1',
  '/org/freedesktop/systemd1',
  'org.freedesktop.systemd1.Manager',
] as const;

const run = promisify(execFile);

/** @param reasons receives why there is none */
export async function openSystemdSlice(
  { root = '/', env, uid }: EnforcementParts,
  reasons: string[],
): Promise<Slice | null> {
  const refuse = (reason: string): null => {
    reasons.push(reason);
    return null;
  };
  // The same question as sd_booted(3).
  if (!existsSync(join(root, 'run/systemd/system'))) return refuse('systemd does not run here');
  const systemctl = findBinary('systemctl', root);
  const busctl = findBinary('busctl', root);
  if (systemctl === null || busctl === null) return refuse('systemctl and busctl are not installed');
  // The folder that `uid` is told to use; ours may be another one, in tests and under sudo.
  const runtime = env['XDG_RUNTIME_DIR'] ?? `/run/user/${uid}`;
  // A service of the system has /run itself, and what is there is the system's systemd, which takes no orders from it.
  if (uid !== 0 && (resolve(runtime) === '/run' || !existsSync(join(root, runtime, 'systemd'))))
    return refuse('this user has no systemd of their own (no login session)');
  const whose = uid === 0 ? '--system' : '--user';
  const ask = async (program: string, words: readonly string[]): Promise<string> => {
    const { stdout } = await run(program, [whose, ...words], {
      timeout: patience,
      env: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', XDG_RUNTIME_DIR: runtime, ...busOf(env) },
    });
    return stdout;
  };

  return {
    async limit(share) {
      // Until the next boot only: it is set anew with the first machine that starts.
      await ask(systemctl, [
        'set-property',
        '--runtime',
        slice,
        `CPUQuota=${share.vcpus * 100}%`,
        `MemoryHigh=${share.memoryBytes}`,
        `MemoryMax=${share.mostMemoryBytes}`,
      ]);
      // A slice without a unit in it has no group yet in which the limits could be seen.
      await ask(systemctl, ['start', slice]);
      const path = (await ask(systemctl, ['show', '--property=ControlGroup', '--value', slice])).trim();
      const hierarchy = cgroupPlaces(root)('unified');
      if (hierarchy === null) throw new Error('this system has no control groups of version 2');
      return describeGroup(join(hierarchy.mount, path), `systemd's ${slice}`);
    },
    async place(machineId, pids) {
      // See org.freedesktop.systemd1(5): a scope holds processes that systemd did not start itself.
      const outside = pids.filter((pid) => !isInside(pid, root));
      if (outside.length === 0) return;
      // With the process in its name, since the scope of an earlier run may not have been cleared away yet.
      const unit = `phyllome-${machineId.slice(0, 8)}-${outside.at(-1)}.scope`;
      const properties = [
        ['PIDs', 'au', String(outside.length), ...outside.map(String)],
        ['Slice', 's', slice],
        ['Description', 's', 'A machine of Phyllome OS'],
        ['CollectMode', 's', 'inactive-or-failed'],
      ];
      const method = ['StartTransientUnit', 'ssa(sv)a(sa(sv))', unit, 'fail'];
      await ask(busctl, [
        '--quiet',
        'call',
        ...bus,
        ...method,
        String(properties.length),
        ...properties.flat(),
        '0',
      ]);
    },
  };
}

/** A machine that an earlier service started is in its place already. */
function isInside(pid: number, root: string): boolean {
  try {
    return readFileSync(join(root, `proc/${pid}/cgroup`), 'utf8').includes(`/${slice}/`);
  } catch {
    return false;
  }
}

const busOf = (env: EnforcementParts['env']): Record<string, string> => {
  const address = env['DBUS_SESSION_BUS_ADDRESS'];
  return address === undefined ? {} : { DBUS_SESSION_BUS_ADDRESS: address };
};
