// SPDX-License-Identifier: Apache-2.0
//
// A system in a folder, with programs that only write down what they were asked for.
import { chmod, mkdir, mkdtemp, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readOsChoices } from '../../../host/os-settings/choices.ts';
import { readFirewall } from '../../../host/os-settings/firewall.ts';
import { readOsSettings } from '../../../host/os-settings/settings.ts';
import { completeValue } from '../../../contract/validate.ts';
import { factoryReset, resetVariable } from './factory-reset.ts';
import { firewall } from './firewall.ts';
import { settings } from './settings.ts';

const table = `# keymap layout model variant options
us us pc105+inet - terminate:ctrl_alt_bksp
fr-latin9 fr pc105 latin9 terminate:ctrl_alt_bksp
fr fr pc105 - terminate:ctrl_alt_bksp
sg ch pc105 fr terminate:ctrl_alt_bksp
`;

async function system(files: Readonly<Record<string, string>> = {}) {
  const root = await mkdtemp(join(tmpdir(), 'ph-os-'));
  const put = async (name: string, text: string, mode = 0o644): Promise<void> => {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
    await chmod(join(root, name), mode);
  };
  const all = {
    'usr/share/systemd/kbd-model-map': table,
    'usr/share/zoneinfo/zone1970.tab': '# x\nFR\t+4852+00220\tEurope/Paris\n',
    'usr/share/keymaps/i386/azerty/fr-latin9.kmap.gz': '',
    'usr/lib/os-release': 'ID=debian\nIMAGE_ID=phyllome\nIMAGE_VERSION=1\nVARIANT_ID=headless\n',
    'proc/sys/kernel/hostname': 'attic\n',
    'proc/self/mounts': '/dev/sda5 / f2fs rw 0 0\n',
    'proc/cmdline': 'quiet\n',
    ...files,
  };
  for (const [name, text] of Object.entries(all)) await put(name, text);
  const tools = ['bin/hostnamectl', 'bin/timedatectl', 'bin/systemctl', 'bin/systemd-repart', 'sbin/nft'];
  for (const tool of tools)
    await put(`usr/${tool}`, `#!/bin/sh\necho "\${0##*/} $*" >> ${root}/asked\n`, 0o755);
  return {
    root,
    put,
    context: { root, signal: new AbortController().signal, progress: () => {} },
    read: (name: string) => readFile(join(root, name), 'utf8'),
    asked: async () => (await readFile(join(root, 'asked'), 'utf8').catch(() => '')).trim().split('\n'),
  };
}

describe('settings', () => {
  test('as they come', async () => {
    const { root } = await system({ 'etc/hostname': 'phyllome\n' });
    expect(await readOsSettings(root)).toEqual({
      hostName: 'phyllome',
      timeZone: 'UTC',
      keyboard: 'us',
      locale: 'C.UTF-8',
      ssh: false,
      powerButton: 'power-off',
      lid: 'sleep',
      openPorts: [],
    });
    expect(await readOsChoices(root)).toEqual({
      timeZones: ['UTC', 'Europe/Paris'],
      keyboards: ['ch(fr)', 'fr', 'fr(latin9)', 'us'],
      locales: ['C.UTF-8'],
    });
  });

  test('are written where the system reads them, and read back from there', async () => {
    const { root, context, asked, read } = await system();
    await settings.run(
      { hostName: 'attic', timeZone: 'Europe/Paris', keyboard: 'fr(latin9)', powerButton: 'sleep' },
      context,
    );
    expect(await asked()).toEqual([
      'hostnamectl hostname attic',
      'timedatectl set-timezone Europe/Paris',
      'systemctl restart systemd-vconsole-setup.service',
      'systemctl reload systemd-logind.service',
    ]);
    expect(await read('etc/vconsole.conf')).toBe(
      'KEYMAP=fr-latin9\nXKBLAYOUT=fr\nXKBMODEL=pc105\nXKBVARIANT=latin9\nXKBOPTIONS=terminate:ctrl_alt_bksp\n',
    );
    expect(await readOsSettings(root)).toMatchObject({
      keyboard: 'fr(latin9)',
      powerButton: 'sleep',
      lid: 'sleep',
    });
    expect((await stat(join(root, 'etc/vconsole.conf'))).mode & 0o777).toBe(0o644);
  });

  test('a keyboard whose keymap the console does not have is us there, and itself elsewhere', async () => {
    const { context, read } = await system();
    await settings.run({ keyboard: 'ch(fr)' }, context);
    expect(await read('etc/vconsole.conf')).toContain('KEYMAP=us\nXKBLAYOUT=ch\n');
  });

  test.each([{ timeZone: 'Europe/../../etc/shadow' }, { keyboard: 'xx' }, { locale: 'de_DE.UTF-8' }])(
    'what this system does not know changes nothing: %j',
    async (wish) => {
      const { context, asked } = await system();
      await expect(settings.run({ hostName: 'attic', ...wish }, context)).rejects.toMatchObject({
        code: 'setting-unknown',
      });
      expect(await asked()).toEqual(['']);
    },
  );

  test.each(['-a', 'a b', 'A', 'a.b', '', 'a'.repeat(64), 'ä'])('%j is no name of a PC', (hostName) => {
    expect(completeValue(settings.request, { hostName }).problems).not.toEqual([]);
  });

  test('ssh opens its port before it answers, and shuts it before it stops', async () => {
    const { root, context, asked } = await system();
    await settings.run({ ssh: true }, context);
    await settings.run({ ssh: false }, context);
    const nft = `nft -f ${root}/var/lib/phyllome-os/firewall.nft`;
    expect(await asked()).toEqual([
      nft,
      'systemctl enable --now phyllome-ssh.socket',
      nft,
      'systemctl disable --now phyllome-ssh.socket',
      'systemctl stop phyllome-ssh@*.service',
    ]);
  });
});

describe('the firewall', () => {
  test('what is left out stays', async () => {
    const { root, context, read } = await system();
    await firewall.run({ open: ['page'] }, context);
    await firewall.run(
      {
        ports: [
          { protocol: 'udp', port: 5000 },
          { protocol: 'tcp', port: 3389 },
        ],
      },
      context,
    );
    expect(await read('var/lib/phyllome-os/firewall.nft')).toContain(
      'flush set inet phyllome open_tcp\nadd element inet phyllome open_tcp { 3389, 7443 }\nflush set inet phyllome open_udp\nadd element inet phyllome open_udp { 5000 }\n',
    );
    await firewall.run({ open: [], ports: [] }, context);
    expect(await read('var/lib/phyllome-os/firewall.nft')).not.toContain('add element');
    expect(await readFirewall(root)).toMatchObject({ open: [], ports: [] });
  });

  test.each([
    { ports: [{ protocol: 'tcp', port: 22 }] },
    { ports: [{ protocol: 'tcp', port: '3389 } ; flush ruleset' }] },
    { open: ['ssh'] },
    { ssh: true },
  ])('refuses %j', (request) => {
    expect(completeValue(firewall.request, request).problems).not.toEqual([]);
  });

  test.each(['{', '{"open":["everything"]}', '{"ports":[{"protocol":"tcp","port":"1"}]}'])(
    'a damaged list opens nothing: %s',
    async (text) => {
      const { root } = await system({ 'var/lib/phyllome-os/firewall.json': text });
      expect(await readFirewall(root)).toMatchObject({ open: [], ports: [] });
    },
  );
});

describe('a factory reset', () => {
  const efi = { 'sys/firmware/efi/efivars/Boot0000-x': '' };

  test('says whether it can be done, and does nothing', async () => {
    const { context, asked } = await system(efi);
    const said = await factoryReset.run({ really: false }, context);
    expect(said).toEqual({ hostName: 'attic', encrypted: false, refusal: null });
    expect(await asked()).toEqual(['systemd-repart --can-factory-reset']);
  });

  test('tells systemd-repart by a variable of the firmware, and restarts', async () => {
    const { root, context, asked } = await system(efi);
    await factoryReset.run({ really: true, hostName: 'attic' }, context);
    expect((await readFile(join(root, resetVariable))).toString('hex')).toBe('070000007900650073000000');
    expect((await asked()).at(-1)).toBe('systemctl --no-block reboot');
  });

  test('not without the name of this PC', async () => {
    const { root, context } = await system(efi);
    const wish = { really: true, hostName: 'cellar' };
    await expect(factoryReset.run(wish, context)).rejects.toMatchObject({ code: 'reset-not-confirmed' });
    await expect(stat(join(root, resetVariable))).rejects.toThrow('ENOENT');
  });

  test.each([
    ['a medium', { ...efi, 'proc/cmdline': 'phyllome.live\n' }, 'runs from a medium'],
    ['no variables', {}, 'keeps no variables'],
  ])('not on %s', async (_, files, reason) => {
    const { context } = await system(files);
    const wish = { really: true, hostName: 'attic' };
    await expect(factoryReset.run(wish, context)).rejects.toMatchObject({
      code: 'reset-refused',
      facts: { reason: expect.stringContaining(reason) as string },
    });
  });

  test('not where systemd-repart would erase nothing', async () => {
    const { context, put } = await system(efi);
    await put('usr/bin/systemd-repart', '#!/bin/sh\nexit 1\n', 0o755);
    expect(await factoryReset.run({ really: false }, context)).toMatchObject({
      refusal: 'no partition of its disk is one that may be erased',
    });
  });

  test('tells that a disk is encrypted', async () => {
    const { context } = await system({
      ...efi,
      'proc/self/mounts': '/dev/mapper/root / f2fs rw 0 0\n',
      'sys/class/block/root/dm/uuid': 'CRYPT-LUKS2-abc-root\n',
    });
    expect(await factoryReset.run({ really: false }, context)).toMatchObject({ encrypted: true });
  });
});
