// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { hostLines } from './host-text.ts';
import { someHost } from './host-testing.ts';

test('a PC in plain words', () => {
  const lines = hostLines(someHost, { style: (_, text) => text });
  expect(lines.join('\n')).toBe(String.raw`This PC
  Model     Maker evil\x1b[2J (desktop)
  Firmware  uefi, AMI F4 01/02/2024, Secure Boot on
  TPM       version 2.0
  System    Debian GNU/Linux 13 (trixie), kernel 6.12.0
  Sound     HDA Intel PCH

Processor
  Model             A Processor (x86_64), 4 cores, 8 threads
  Virtualisation    VT-x and EPT
  Guests in guests  switched off
  Confidential      SGX

Memory
  Total       32 GiB, unknown of it available
  Huge pages  10 of 2 MiB (5 free)
  Swap        4 GiB zram

Folders
  machines  /home/anna/.local/share/phyllome: nvme, btrfs, encrypted, copies cost nothing, 200 GiB free of 500 GiB

How guests run
  x86_64: kvm. It works.

Graphics cards
  0000:00:02.0  Intel Corporation; driver i915, shows the picture of the firmware, /dev/dri/renderD128, monitor at DP-1, SR-IOV 2 of 7, IOMMU group 0

How guests can draw
  virgl: yes  OpenGL.

Network
  NAME    KIND   SPEED        BRIDGE
  enp1s0  wired  1000 Mbit/s  can be put into one

PCI devices in 2 IOMMU groups
  GROUP  ADDRESS       ID         DRIVER  DEVICE
  0      0000:00:02.0  8086:4680  i915    VGA compatible controller Intel Corporation

USB devices
  PORT  ID         DEVICE
  1-2   046d:c31c  Logitech Keyboard

VMMs
  qemu-system-x86_64 10.0.2  kvm, vfio

Tools
  swtpm  0.7.1  /usr/bin/swtpm
  passt  -      not installed; sudo apt install passt`);
});

test('a PC of which nothing is known', () => {
  const { cpu, memory } = someHost;
  const nothing = {
    ...someHost,
    cpu: { ...cpu, model: null, virtualization: { ...cpu.virtualization, extension: null, nested: null } },
    memory: { ...memory, totalBytes: null, hugePages: [], swap: [] },
    storage: [],
    graphics: [],
    pciDevices: [],
    usbDevices: [],
    network: [],
    audio: [],
    iommu: { ...someHost.iommu, enabled: false },
    notes: ['Nothing could be read.'],
  };
  const text = hostLines(nothing, { style: (_, line) => line }).join('\n');
  expect(text).toContain('Virtualisation  none to be seen');
  expect(text).not.toContain('PCI devices');
  expect(text).toContain('Notes\n  Nothing could be read.');
});
