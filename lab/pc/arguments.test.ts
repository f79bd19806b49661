// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { pcArguments, type PcFiles } from './arguments.ts';
import { anyPc, type PcSpec } from './pc-spec.ts';

const files: PcFiles = {
  folder: '/lab/pc',
  firmware: { code: '/tree/CODE.fd', vars: '/lab/pc/vars.fd' },
  hostPorts: [],
  spareStick: '/lab/pc/spare.raw',
};
const argumentsOf = (spec: Partial<PcSpec>, more: Partial<PcFiles> = {}): string =>
  pcArguments({ ...anyPc, ...spec }, { ...files, ...more }).join(' ');

test('a PC whose guests have AMD-V and whose devices are behind an IOMMU, without KVM of this one', () => {
  const line = argumentsOf({});
  expect(line).toContain('-accel tcg,thread=multi');
  expect(line).toContain('-cpu max,+svm');
  expect(line).toContain('-machine q35,kernel-irqchip=split,smm=off -accel');
  expect(line).toContain('-device amd-iommu');
  expect(line).not.toContain('property=secure');
});

test('Secure Boot keeps its variables in system management mode', () => {
  const line = argumentsOf({ firmware: 'secure-boot' });
  expect(line).toContain('smm=on');
  expect(line).toContain('driver=cfi.pflash01,property=secure,value=on');
  expect(line).toContain('readonly=on,file=/tree/CODE.fd');
  expect(line).toContain('readonly=off,file=/lab/pc/vars.fd');
});

test('an old PC has neither UEFI nor TPM', () => {
  const line = argumentsOf({ firmware: 'bios', tpm: false }, { firmware: null });
  expect(line).not.toContain('pflash');
  expect(line).not.toContain('tpm');
  expect(argumentsOf({})).toContain('tpm-crb');
});

test('ports are led through, and a cable can be missing', () => {
  expect(argumentsOf({ ports: [8443, 22] }, { hostPorts: [40001, 40002] })).toContain(
    'user,id=net,hostfwd=tcp:127.0.0.1:40001-:8443,hostfwd=tcp:127.0.0.1:40002-:22',
  );
  expect(argumentsOf({ online: false })).not.toContain('-netdev user');
});

test('spare devices are each behind a port of their own', () => {
  const line = argumentsOf({ spares: true });
  for (const [device, port] of [
    ['igb', 'spare-nic'],
    ['qemu-xhci', 'spare-usb'],
    ['secondary-vga', 'spare-gpu'],
  ]) {
    expect(line).toMatch(new RegExp(`pcie-root-port,id=${port},chassis=\\d+`));
    expect(line).toMatch(new RegExp(`-device ${device},[^ ]*bus=${port}`));
  }
  const chassis = [...line.matchAll(/chassis=(\d+)/g)].map(([, number]) => number);
  expect(new Set(chassis).size).toBe(chassis.length);
  expect(argumentsOf({})).not.toContain('igb');
});
