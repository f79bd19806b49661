// SPDX-License-Identifier: Apache-2.0
//
// A unit of our own inside a PC whose image knows nothing of it: systemd takes it from the firmware's strings
// (systemd.system-credentials(7), "systemd.extra-unit"). It runs what it is told over a virtio port, as root.
import { agentPortName } from '../pc/arguments.ts';

/**
 * One line in: an id and a script in base64. One line out: "PHY|id|exit code|output in base64". Scripts run beside each
 * other; a lock keeps their answers apart.
 */
const script = `
port=/dev/virtio-ports/${agentPortName}
until [ -c $port ]; do sleep 0.2; done
mkdir -p /run/lab
exec 3<>$port
say() { flock /run/lab/lock printf 'PHY|%s\\n' "$1" >&3; }
say "hello|$(cat /proc/sys/kernel/random/boot_id)"
while read -r id code <&3; do
  [ -n "$code" ] || continue
  printf %s "$code" | base64 -d >/run/lab/$id.sh
  (
    sh /run/lab/$id.sh >/run/lab/$id.out 2>&1 </dev/null 3>&-
    result=$?
    say "$id|$result|$(base64 -w 0 /run/lab/$id.out)"
    rm -f /run/lab/$id.sh /run/lab/$id.out
  ) &
done
`;

const unit = (encoded: string): string => `[Unit]
Description=Test unit of the lab
DefaultDependencies=no
ConditionPathExists=!/etc/initrd-release
After=systemd-tmpfiles-setup-dev.service local-fs.target
Before=shutdown.target
Conflicts=shutdown.target
[Service]
Type=exec
Environment=PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin HOME=/root LC_ALL=C.UTF-8
ExecStart=/bin/sh -c 'printf %%s ${encoded} | base64 -d >/run/lab-agent; exec /bin/sh /run/lab-agent'
KillMode=mixed
StandardOutput=journal
`;

/** What the firmware must hand over for the unit to run. */
export function agentCredentials(): Record<string, string> {
  return {
    'systemd.extra-unit.phyllome-lab.service': unit(Buffer.from(script).toString('base64')),
    'systemd.unit-dropin.sysinit.target~lab': '[Unit]\nWants=phyllome-lab.service\n',
  };
}

export type AgentLine =
  | { kind: 'hello'; bootId: string }
  | { kind: 'answer'; id: string; code: number; output: string };

/** Reads a line of the unit; null for anything else, such as what a kernel writes into its last port. */
export function parseAgentLine(line: string): AgentLine | null {
  const [, rest] = /^PHY\|(.*)$/.exec(line.trim()) ?? [];
  if (rest === undefined) return null;
  const [id = '', second = '', third = ''] = rest.split('|');
  if (id === 'hello') return { kind: 'hello', bootId: second };
  return { kind: 'answer', id, code: Number(second), output: Buffer.from(third, 'base64').toString() };
}
