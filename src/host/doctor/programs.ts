// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '../../contract/doctor.ts';
import { finding, installCommand, seen, type Check } from './finding.ts';

// What each helper is for, in the order of need.
const helpers: Readonly<Record<string, string>> = {
  flock: 'keeps two programs from writing to one disk; no machine starts without it',
  'qemu-img': 'makes disks',
  passt: 'networks without root',
  swtpm: 'a TPM, which Windows 11 asks for',
  virtiofsd: 'shared folders',
};

export const checkPrograms: Check = (report) => {
  const findings: Finding[] = [];
  const program = `qemu-system-${report.cpu.architecture ?? 'x86_64'}`;
  const qemu = report.vmms.find((vmm) => vmm.program === program);
  if (qemu?.path == null) {
    const command = installCommand(report, program);
    findings.push(
      finding({
        id: 'vmm-missing',
        severity: 'problem',
        title: 'QEMU is not installed.',
        explanation: 'It is the program that runs machines.',
        evidence: [seen(program, 'not found')],
        next: command === null ? [] : [`Install it: ${command}`],
      }),
    );
  }
  const missing = report.tools.filter(({ name, path }) => path === null && Object.hasOwn(helpers, name));
  if (missing.length > 0) {
    const plural = missing.length === 1 ? 'A helper is' : 'Helpers are';
    findings.push(
      finding({
        id: 'helpers-missing',
        severity: missing.some(({ name }) => name === 'flock' || name === 'qemu-img') ? 'problem' : 'warning',
        title: `${plural} missing: ${missing.map(({ name }) => name).join(', ')}.`,
        explanation: missing.map(({ name }) => `${name}: ${helpers[name]}.`).join(' '),
        evidence: missing.map(({ name }) => seen(name, 'not found')),
        next: missing.flatMap(({ install }) => (install === null ? [] : [`Install it: ${install}`])),
      }),
    );
  }
  if (report.limits.userNamespaces === false) {
    findings.push(
      finding({
        id: 'user-namespaces-off',
        severity: 'warning',
        title: 'Ordinary users may not make namespaces.',
        explanation:
          'passt and virtiofsd lock themselves into namespaces before they serve a guest, and refuse to start without them.',
        evidence: [
          seen('/proc/sys/user/max_user_namespaces, /proc/sys/kernel/unprivileged_userns_clone', '0'),
        ],
        next: ['sudo sysctl kernel.unprivileged_userns_clone=1 user.max_user_namespaces=30000'],
      }),
    );
  }
  return findings;
};
