// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '../../contract/doctor.ts';
import type { HostReport } from '../../contract/host.ts';
import { deviceEvidence, deviceOf, finding, moduleEvidence, moduleIs, seen, type Check } from './finding.ts';

export const checkNetwork: Check = (report) => [
  ...vhost(report, 'net'),
  ...vhost(report, 'vsock'),
  ...firewall(report),
  ...wireless(report),
];

const purposes = {
  net: 'Guests on a bridge then pass every packet through QEMU, which costs processor time. The network that machines have by default (passt) is not affected.',
  vsock:
    'Programs on this PC cannot talk to guests over vsock. Machines that do not ask for it are not affected.',
};

function vhost(report: HostReport, kind: 'net' | 'vsock'): Finding[] {
  const path = `/dev/vhost-${kind}`;
  const device = deviceOf(report, path);
  if (device === undefined || device.usable) return [];
  const module = `vhost_${kind}` as const;
  const base = {
    id: `no-vhost-${kind}`,
    severity: 'advice',
    explanation: purposes[kind],
    evidence: [deviceEvidence(report, path), moduleEvidence(report, module)],
  } as const;
  if (device.exists && !/^(?:ENXIO|ENODEV|ENOENT)$/.test(device.errorCode ?? '')) {
    const group = device.group ?? 'kvm';
    return [
      finding({
        ...base,
        title: `${path} may not be used by this user.`,
        // On Debian and Fedora it belongs to the group that also owns /dev/kvm.
        causedBy: group === deviceOf(report, '/dev/kvm')?.group ? ['kvm-no-group', 'kvm-session-old'] : [],
        next: [
          group === 'root'
            ? `sudo setfacl -m u:${report.session.user ?? '$USER'}:rw ${path} (until the next start)`
            : `It belongs to the group ${group}: join it, then log out and in again.`,
        ],
      }),
    ];
  }
  const missing = moduleIs(report, module) === 'missing';
  const { container } = report.virtualised;
  return [
    finding({
      ...base,
      title: `There is no ${path}.`,
      causedBy: container === null ? [] : ['inside-container'],
      next: missing
        ? ['This kernel comes without it: the usual kernel of the distribution has it.']
        : container === null
          ? [`sudo modprobe ${module}`]
          : [`Pass the device to the container: --device ${path}`],
      fix: missing || container !== null ? null : 'vhost-modules',
    }),
  ];
}

const userModeText =
  'The network that machines have by default (passt) does not pass through it; only guests on a bridge do.';

function firewall({ firewall: { docker, firewalld, ufw, libvirt, filtersBridges } }: HostReport): Finding[] {
  const names = [
    ...(docker ? ['Docker'] : []),
    ...(firewalld ? ['firewalld'] : []),
    ...(ufw ? ['ufw'] : []),
    ...(libvirt ? ['libvirt'] : []),
  ];
  const findings: Finding[] = [];
  if (filtersBridges === true && (docker || ufw)) {
    const who = docker ? 'Docker' : 'ufw';
    findings.push(
      finding({
        id: 'firewall-filters-bridges',
        severity: 'advice',
        title: `Guests on a bridge may have no network: ${who} filters it.`,
        explanation: `Packets inside a bridge go through the firewall, and ${who} drops what it does not know. ${userModeText}`,
        evidence: [
          seen('/proc/sys/net/bridge/bridge-nf-call-iptables', '1'),
          seen(
            docker ? '/sys/class/net/docker0, /run/docker.pid' : '/etc/ufw/ufw.conf',
            docker ? 'Docker runs' : 'ENABLED=yes',
          ),
        ],
        next: [
          docker
            ? 'For a bridge BR: sudo iptables -I DOCKER-USER -i BR -o BR -j ACCEPT'
            : 'For a bridge BR: sudo ufw route allow in on BR out on BR',
        ],
      }),
    );
  }
  if (names.length >= 2) {
    findings.push(
      finding({
        id: 'firewalls-clash',
        severity: 'advice',
        title: `${names.join(' and ')} write firewall rules here, each without asking the others.`,
        explanation: `One may undo what another allowed, so guests on a bridge lose their network after a restart of one of them. ${userModeText}`,
        evidence: [seen('found', names.join(', '))],
        next: [
          'If guests on a bridge have no network: restart the firewall first, then Docker and libvirt, so that their rules come last.',
        ],
      }),
    );
  }
  return findings;
}

function wireless({ network }: HostReport): Finding[] {
  const has = (kind: string): boolean => network.some((each) => each.kind === kind);
  if (has('wired') || !has('wireless')) return [];
  return [
    finding({
      id: 'only-wireless',
      severity: 'advice',
      title:
        'There is no network card with a cable, so guests cannot be put into your network as PCs of their own.',
      explanation:
        'Bridges do not work over wireless cards. The network that machines have by default (passt) works.',
      evidence: network
        .filter(({ kind }) => kind === 'wireless')
        .map(({ name, driver }) => seen(`/sys/class/net/${name}`, `wireless, driver ${driver ?? 'unknown'}`)),
      next: ['A USB adapter with a cable makes a bridge possible.'],
    }),
  ];
}
