// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MediumFacts } from '../../disk/medium/read-medium.ts';
import { detectMedium, type SecondOpinion } from './detect.ts';
import { rules } from './rules/all.ts';
import { mediumWith } from './testing.ts';

const microsoft = 'MICROSOFT CORPORATION';

// Label, id, architecture; what else the medium says.
const labels: readonly [string, string, string | null, Partial<MediumFacts>?][] = [
  ['Debian 13.2.0 amd64 n', 'debian13', 'x86_64'],
  ['Debian 14.0.0 riscv64 1', 'debian14', 'riscv64'],
  ['Debian testing arm64 n', 'debiantesting', 'aarch64'],
  ['Debian 3.1r8 i386 Bin-1', 'debian3.1', 'x86_64'],
  ['Debian 12.0.0 s390x n', 'debian12', null],
  ['d-live 13.1.0 gn amd64', 'debian13', 'x86_64'],
  ['Debian squeeze 20131021-08:21', 'debian6', null],
  ['Ubuntu-Server 26.04 LTS amd64', 'ubuntu26.04', 'x86_64'],
  ['Ubuntu 24.04.3 LTS amd64', 'ubuntu24.04', 'x86_64'],
  ['Ubuntu-Server 28.04 LTS riscv', 'ubuntu28.04', 'riscv64'],
  ['Kubuntu 26.04 LTS amd64', 'kubuntu26.04', 'x86_64'],
  ['Xubuntu 24.04.1 LTS amd64', 'xubuntu24.04', 'x86_64'],
  ['Lubuntu 25.10 amd64', 'lubuntu25.10', 'x86_64'],
  ['Ubuntu-MATE 24.04 LTS amd64', 'ubuntu-mate24.04', 'x86_64'],
  ['Ubuntu-Budgie 25.04 amd64', 'ubuntu-budgie25.04', 'x86_64'],
  ['Ubuntu-Studio 24.04 LTS amd64', 'ubuntustudio24.04', 'x86_64'],
  ['Linux Mint 22.2 Cinnamon 64-bit', 'linuxmint22.2', 'x86_64'],
  ['Linux Mint 21 Xfce 64-bit', 'linuxmint21', 'x86_64'],
  ['LMDE 7 Cinnamon 64-bit', 'lmde7', 'x86_64'],
  ['Kali Linux 2025.4 amd64 n', 'kali2025.4', 'x86_64'],
  ['Kali Live', 'kali', null],
  ['TAILS 7.3 - 20251210', 'tails7.3', 'x86_64'],
  ['Parrot security 6.4', 'parrot6.4', null],
  ['MX-25_x64', 'mx25', 'x86_64'],
  ['Zorin OS 18 Core 64bit', 'zorin18', 'x86_64'],
  ['elementary OS 8.0 Circe', 'elementary8', 'x86_64'],
  ['Pop_OS 24.04 amd64 Intel', 'popos24.04', 'x86_64'],
  ['PVE', 'proxmox-ve', 'x86_64'],
  ['Fedora-WS-Live-44', 'fedora44', null],
  ['Fedora-S-dvd-x86_64-44', 'fedora44', 'x86_64'],
  ['Fedora-KDE-Live-46', 'fedora46', null],
  ['Fedora-WS-Live-33-20200913-n-0', 'fedora33', null],
  ['Fedora-E-dvd-x86_64-rawh', 'fedora-rawhide', 'x86_64'],
  ['Fedora-SB-ostree-x86_64-45', 'silverblue45', 'x86_64'],
  ['Fedora-Knt-ostree-x86_64-43', 'kinoite43', 'x86_64'],
  ['F10-x86_64-Live-KDE', 'fedora10', 'x86_64'],
  ['fedora-coreos-43.20251110.3.0', 'fedora-coreos', null],
  ['AlmaLinux-10-1-x86_64-dvd', 'almalinux10', 'x86_64'],
  ['AlmaLinux-Kitten-10-aarch64', 'almalinux-kitten10', 'aarch64'],
  ['Rocky-10-0-x86_64-dvd', 'rocky10', 'x86_64'],
  ['Rocky-Workstation-Lite-9-0', 'rocky9', null],
  ['CentOS-Stream-10-BaseOS-x86_64', 'centos-stream10', 'x86_64'],
  ['CentOS-Stream-BaseOS-aarch64', 'centos-stream8', 'aarch64'],
  ['CentOS 7 x86_64', 'centos7.0', 'x86_64'],
  ['CentOS_6.5_Final', 'centos6.5', 'x86_64'],
  ['RHEL-10-1-BaseOS-x86_64', 'rhel10.1', 'x86_64'],
  ['RHEL-8-10-0-BaseOS-aarch64', 'rhel8.10', 'aarch64'],
  ['RHEL/5.6 x86_64 DVD 1', 'rhel5.6', 'x86_64'],
  ['OL-9-4-0-BaseOS-x86_64', 'ol9.4', 'x86_64'],
  ['QUBES-R4-3-0-X86-64', 'qubes4.3', 'x86_64'],
  ['Install-Leap-16.0-x86_64', 'opensuse16.0', 'x86_64'],
  ['openSUSE-Leap-15.6-DVD-x86_647', 'opensuse15.6', 'x86_64'],
  ['openSUSE-Tumbleweed-DVD-x86_64', 'opensusetumbleweed', 'x86_64'],
  ['SL-Micro-6.1-Default-x86_64', 'slem6.1', 'x86_64'],
  ['SL-7.9-x86_64', 'scientificlinux7.9', 'x86_64'],
  ['F1 2024 pictures', 'generic', null],
  ['my puppies', 'generic', null],
  ['SLE-15-SP7-Full-x86_6491.11.001', 'sle15sp7', 'x86_64'],
  ['ARCH_202611', 'archlinux', 'x86_64'],
  ['EOS_202511', 'endeavouros', 'x86_64', { publisher: 'EndeavourOS <https://endeavouros.com>' }],
  ['COS_202510', 'cachyos', 'x86_64', { publisher: 'CachyOS <https://cachyos.org>' }],
  ['MANJARO_KDEM_2510', 'manjaro', null],
  ['RESCUE1202', 'systemrescue', 'x86_64'],
  ['alpine-std 3.24.0 aarch64', 'alpinelinux3.24', 'aarch64'],
  ['nixos-minimal-26.05-x86_64', 'nixos-26.05', 'x86_64'],
  ['Gentoo-amd64-20250209', 'gentoo', 'x86_64'],
  ['VOID_LIVE', 'voidlinux', null],
  ['GUIX_X86_64-LINUX_893A31E', 'guix-system-latest', 'x86_64'],
  ['SlackDVD', 'slackware14.2', 'x86_64', { application: 'Slackware64 14.2 DVD' }],
  ['Mageia-10-x86_64', 'mageia10', 'x86_64'],
  ['Endless-OS-6-0-11-fr', 'eos6.0', 'x86_64'],
  ['14_3_RELEASE_AMD64_CD', 'freebsd14.3', 'x86_64'],
  ['15_1_RELEASE_AARCH64_DVD', 'freebsd15.1', 'aarch64'],
  ['OpenBSD/amd64   7.9 Install CD', 'openbsd7.9', 'x86_64'],
  ['NETBSD_101', 'netbsd10.1', 'x86_64'],
  ['NETBSD_711', 'netbsd7.1.1', 'x86_64'],
  ['DragonFly_v6.4.2', 'dragonflybsd6.4', 'x86_64'],
  ['GhostBSD', 'ghostbsd', 'x86_64'],
  ['OPNsense_Install', 'opnsense', 'x86_64'],
  ['haiku-r1~beta5-x86_64', 'haikur1beta5', 'x86_64'],
  ['FD14-LiveCD', 'freedos1.4', 'x86_64'],
  ['ESXI-8.0U3-24022510-STANDARD', 'esxi8.0', 'x86_64'],
  ['virtio-win-0.1.285', 'virtio-win', null],
  ['VMware Tools', 'vmware-tools', null],
  ['CIDATA', 'cloud-init-seed', null],
  ['GRMCPRXFRER_EN_DVD', 'win7', 'x86_64', { publisher: microsoft }],
  ['IR5_CCSA_X64FRE_EN-US_DV9', 'win8.1', 'x86_64', { publisher: microsoft }],
  ['HRM_SSS_X64FREV_EN-US_DV5', 'win2k12', 'x86_64', { publisher: microsoft }],
  ['J_CENA_X86FREV_EN-US_DV5', 'win10', 'x86_64', { publisher: microsoft }],
  ['CCCOMA_A64FRE_EN-GB_DV9', 'win11', 'aarch64', { publisher: microsoft }],
  ['VRMPVOL_EN', 'winxp', 'x86_64', { publisher: microsoft }],
  ['SOMETHING_NEW', 'win', 'x86_64', { publisher: microsoft }],
  ['MY_BACKUP', 'generic', null, { bootable: false }],
];

test.each(labels)('%s', (volume, id, architecture, more = {}) => {
  const found = detectMedium(mediumWith({ volume, ...more }));
  expect([found.id, found.architecture]).toEqual([id, architecture]);
  expect(found.reasons.length).toBeGreaterThan(0);
  expect(found.name === 'Unknown').toBe(id === 'generic');
  // Nothing of a template may be left over.
  expect(`${found.id} ${found.name} ${found.osinfo}`).not.toMatch(/[{}]|undefined|\s$/);
});

describe('Windows 10 and 11, and the servers, have the same labels', () => {
  const client = (said: Partial<MediumFacts>) =>
    detectMedium(mediumWith({ volume: 'CCCOMA_X64FRE_EN-US_DV9', publisher: microsoft, ...said }));
  const server = (said: Partial<MediumFacts>) =>
    detectMedium(mediumWith({ volume: 'SSS_X64FREE_EN-US_DV9', publisher: microsoft, ...said }));
  const image = { version: '10.0', architecture: 'x86_64' as const, editions: [] };

  test('what is installed decides', () => {
    const eleven = client({ bytes: 1e9, windows: { ...image, build: 26_100, server: false } });
    expect(eleven).toMatchObject({ id: 'win11', name: 'Windows 11', confidence: 'certain' });
    expect(eleven.osinfo).toBe('http://microsoft.com/win/11');
    expect(server({ windows: { ...image, build: 20_348, server: true } })).toMatchObject({ id: 'win2k22' });
    expect(client({ windows: { ...image, build: 19_045, server: false } }).id).toBe('win10');
  });

  test('then the day on which it was made', () => {
    expect(client({ bytes: 5.5e9, created: '2019-09-07T00:00:00.000Z' })).toMatchObject({
      id: 'win10',
      confidence: 'certain',
    });
    expect(client({ bytes: 5.8e9, created: '2025-09-01T00:00:00.000Z' })).toMatchObject({
      id: 'win11',
      confidence: 'likely',
    });
    expect(server({ created: '2019-01-01T00:00:00.000Z' }).id).toBe('win2k19');
    expect(server({ created: '2024-11-01T00:00:00.000Z' }).id).toBe('win2k25');
  });

  test('then its size, and it says so', () => {
    expect(client({ bytes: 4.7e9 }).id).toBe('win10');
    expect(client({ bytes: 5.55e9 })).toMatchObject({ id: 'win11', confidence: 'guess' });
    expect(client({ bytes: 6.1e9 })).toMatchObject({ id: 'win10', confidence: 'guess' });
    expect(client({ bytes: 7.5e9 }).id).toBe('win11');
    expect(client({ bytes: 7.5e9 }).reasons.join(' ')).toContain('same label');
    expect(server({ bytes: 5.48e9 })).toMatchObject({ id: 'win2k19', confidence: 'guess' });
  });
});

test('files of a medium whose label says nothing', () => {
  const info = { '.disk/info': 'Ubuntu 24.04.1 LTS "Noble Numbat" - Release amd64 (20240827.1)' };
  expect(detectMedium(mediumWith({ volume: 'MYISO', texts: info }))).toMatchObject({
    id: 'ubuntu24.04',
    architecture: 'x86_64',
    answers: 'autoinstall',
  });
  const tree = {
    '.treeinfo': '[general]\nfamily = Fedora\nname = Fedora 44\nversion = 44\narch = aarch64\n',
  };
  expect(detectMedium(mediumWith({ volume: 'X', texts: tree }))).toMatchObject({
    id: 'fedora44',
    architecture: 'aarch64',
  });
  const cd = { '.cd-info': "ISONAME='proxmox-ve'\nRELEASE='9.1'\nISORELEASE='1'\n" };
  expect(detectMedium(mediumWith({ volume: 'PVE', texts: cd })).id).toBe('proxmox-ve9');
  expect(detectMedium(mediumWith({ volume: 'ESD-ISO', names: ['bootmgr', 'sources'] })).id).toBe('win10');
});

test('the processor, where the label does not say it', () => {
  const volume = 'Fedora-WS-Live-44';
  expect(detectMedium(mediumWith({ volume, loaders: ['BOOTAA64.EFI'] })).architecture).toBe('aarch64');
  expect(detectMedium(mediumWith({ volume, boot: ['bios', 'uefi'] })).architecture).toBe('x86_64');
  expect(detectMedium(mediumWith({ volume, bootCode: true })).architecture).toBe('x86_64');
  const ppc = detectMedium(mediumWith({ volume: 'RHEL-8-7-0-BaseOS-ppc64le' }));
  expect(ppc.architecture).toBeNull();
  expect(ppc.reasons.at(-1)).toBe('It is for ppc64le, which no machine here is.');
});

test('how it could be installed without questions', () => {
  const answers = (volume: string) => detectMedium(mediumWith({ volume })).answers;
  expect(answers('Debian 13.2.0 amd64 n')).toBe('preseed');
  expect(answers('Ubuntu-Server 18.04.3 LTS amd64')).toBe('preseed');
  expect(answers('Ubuntu-Server 24.04 LTS amd64')).toBe('autoinstall');
  expect(answers('Ubuntu 22.04 LTS amd64')).toBe('preseed');
  expect(answers('openSUSE-Leap-15.6-DVD-x86_64')).toBe('autoyast');
  expect(answers('Install-Leap-16.0-x86_64')).toBe('agama');
  expect(answers('Rocky-10-0-x86_64-dvd')).toBe('kickstart');
  expect(answers('IRM_CCSA_X64FRE_EN-US_DV5')).toBe('autounattend');
});

describe('what osinfo-db says', () => {
  const opinion: SecondOpinion = {
    id: 'centos6.9',
    name: 'CentOS 6.9',
    osinfo: 'http://centos.org/centos/6.9',
    architecture: 'x86_64',
    live: false,
    exact: true,
  };
  test('fills in what the label leaves open', () => {
    const found = detectMedium(mediumWith({ volume: 'CentOS' }), () => opinion);
    expect(found).toMatchObject({
      id: 'centos6.9',
      confidence: 'certain',
      answers: 'kickstart',
      architecture: 'x86_64',
    });
    expect(
      detectMedium(mediumWith({ volume: 'strange' }), () => ({ ...opinion, exact: false })),
    ).toMatchObject({
      id: 'centos6.9',
      confidence: 'likely',
    });
  });
  test('does not win over a label that says the version, nor turn one system into another', () => {
    const labelled = mediumWith({ volume: 'CentOS_6.5_Final' });
    expect(detectMedium(labelled, () => ({ ...opinion, exact: false })).id).toBe('centos6.5');
    // Unless it knows this very medium by its size.
    expect(detectMedium(labelled, () => opinion).id).toBe('centos6.9');
    expect(detectMedium(mediumWith({ volume: 'Kali Live' }), () => opinion).id).toBe('kali');
    const ten = { ...opinion, id: 'win10', exact: false };
    const seen = mediumWith({ volume: 'CCCOMA_X64FRE_EN-US_DV9', publisher: microsoft, bytes: 7.5e9 });
    expect(detectMedium(seen, () => ten).id).toBe('win11');
  });
});

// The workers of the test runner take expressions slowly: 25 ms a label, where Node alone takes 3.
test('any label: an answer that is whole', () => {
  const word = fc.constantFrom(
    'Debian',
    'Ubuntu',
    'Fedora',
    'ALT',
    'openSUSE',
    'a'.repeat(60),
    '-'.repeat(100),
    '1.',
    'x86_64',
    ' ',
    '_',
  );
  const label = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 128 }),
    fc.array(word, { maxLength: 20 }).map((words) => words.join('').slice(0, 128)),
  );
  fc.assert(
    fc.property(label, label, label, (volume, publisher, application) => {
      const found = detectMedium(mediumWith({ volume, publisher, application }));
      expect(found.id).toMatch(/^\S+$/);
      expect(`${found.id} ${found.name} ${found.osinfo}`).not.toMatch(/\{[^\w}]?\w+\}|undefined/);
    }),
    { numRuns: 25 },
  );
});

test("every rule can be a definition's guestOs, and says what it says once", () => {
  expect(rules.length).toBeGreaterThan(250);
  for (const rule of rules) {
    expect(rule.id.replaceAll(/\{[^\w}]?\w+\}/g, '1')).toMatch(/^[a-z0-9][a-z0-9._-]*$/);
    expect(rule.osinfo ?? '').not.toMatch(/^http/);
  }
});
