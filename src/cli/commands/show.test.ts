// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { parseDefinition } from '../../contract/definition.ts';
import { someId, someMachine } from '../testing.ts';
import { machineText } from './show.ts';

const bare = { style: (_: string, text: string) => text };
const since = new Date(2026, 10, 23, 7, 0, 0).toISOString();
const text = (changes: Parameters<typeof someMachine>[0]) =>
  machineText(someMachine({ state: { name: 'stopped', since }, ...changes }), bare).join('\n');

describe('a machine in plain words', () => {
  test('with everything', () => {
    const definition = parseDefinition({
      formatVersion: 1,
      id: someId,
      name: 'all of it',
      architecture: 'x86_64',
      cpu: { vcpus: 4 },
      memory: '4GiB',
      boot: { type: 'uefi', secureBoot: true },
      tpm: 'emulated',
      disks: [
        { file: 'disks/a.qcow2', format: 'qcow2', size: '20GiB' },
        { file: '/b.raw', format: 'raw', bus: 'sata', readOnly: true },
      ],
      removable: [{ type: 'cdrom' }],
      nics: [
        { type: 'user', mac: '52:54:00:00:00:01', forwards: [{ hostPort: 2222, guestPort: 22 }] },
        { type: 'bridge', bridge: 'br0' },
        { type: 'none' },
      ],
      shares: [{ tag: 'home', path: '/home/me', readOnly: true }],
      devices: [
        { type: 'pci', address: '0000:01:00.0' },
        { type: 'usb', vendor: '046d', product: 'c52b' },
      ],
      autostart: { order: 5 },
    });
    const run = {
      vmm: 'qemu',
      version: '7.2.22',
      accelerator: 'kvm',
      pid: 42,
      startedAt: since,
      endpoints: { control: '', serial: null, display: null, agent: null },
    };
    const [first, ...rest] = text({
      name: 'all of it',
      state: { name: 'running', since, ready: true },
      definition,
      run,
    }).split('\n');
    expect(first).toMatch(/^all of it is running \(ready\), since 2026-11-23 07:00:00 \(\d+ \w+\)$/);
    expect(rest.join('\n')).toMatchInlineSnapshot(`
      "
      Identity
        Id      6f1c2b3a-1111-4111-8111-111111111111
        Folder  /data/machines/6f1c2b3a-1111-4111-8111-111111111111

      Hardware
        Processor  4 x x86_64
        Memory     4 GiB
        Starts by  UEFI, Secure Boot on
        TPM        TPM 2.0, emulated
        Display    virtio
        Autostart  with the service, order 5

      Disks
        disks/a.qcow2  qcow2 on virtio  20 GiB
        /b.raw         raw on sata      read-only
        (empty)        cdrom on sata

      Network
        Through this PC  virtio          52:54:00:00:00:01
          forwarded      127.0.0.1:2222  to port 22 (tcp) of the guest
        Bridge br0       virtio          address chosen by Phyllome
        No cable         virtio          address chosen by Phyllome

      Shared folders
        home  /home/me  read-only

      Real devices
        pci  0000:01:00.0
        usb  046d:c52b

      It runs on
        VMM      qemu 7.2.22, kvm
        Process  42, since 2026-11-23 07:00:00"
    `);
  });

  test('broken, with every problem', () => {
    expect(
      text({ state: { name: 'broken', since, problems: ['line 3: memory: found 7', 'evil \u001b[2J'] } }),
    ).toContain(
      String.raw`
What is wrong
  line 3: memory: found 7
  evil \x1b[2J`,
    );
  });

  test('crashed, with the reason and the end of the log', () => {
    const shown = text({
      state: { name: 'crashed', since, reason: 'the guest panicked', log: ['Kernel panic\u0007\r'] },
    });
    expect(shown).toContain('tiny is crashed (the guest panicked)');
    expect(shown).toContain(String.raw`The end of its log
  Kernel panic\x07`);
  });
});

test('one that is not kept says so', () => {
  const about = {
    formatVersion: 1,
    id: someId,
    name: 'x',
    architecture: 'x86_64',
    memory: '1GiB',
    boot: { type: 'bios' },
  };
  expect(text({ definition: parseDefinition({ ...about, throwAway: true }) })).toContain(
    'erased as soon as it has stopped',
  );
  expect(text({ definition: parseDefinition(about) })).not.toContain('erased');
});
