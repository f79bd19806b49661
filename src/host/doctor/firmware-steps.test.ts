// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { HostReport } from '../../contract/host.ts';
import { firmwareSteps } from './firmware-steps.ts';

interface Board {
  board?: string;
  system?: string;
  bios?: string;
  cpu?: string;
  isApple?: boolean;
}

const pc = (
  { board, system, bios, cpu = 'Intel', isApple = false }: Board,
  uefi = true,
  systemd = true,
): HostReport =>
  ({
    cpu: { vendor: cpu },
    dmi: { boardVendor: board ?? null, systemVendor: system ?? null, isApple },
    firmware: { kind: uefi ? 'uefi' : 'bios', vendor: bios ?? null, rebootToSetup: null },
    os: { systemd },
  }) as HostReport;

test.each<[Board, string, string]>([
  [{ board: 'ASUSTeK COMPUTER INC.' }, 'Intel (VMX) Virtualization Technology', 'VT-d'],
  [{ board: 'ASUSTeK COMPUTER INC.', cpu: 'AMD' }, 'SVM Mode', 'IOMMU'],
  [{ board: 'Micro-Star International Co., Ltd.' }, 'Intel Virtualization Tech', 'Intel VT-D Tech'],
  [{ board: 'Gigabyte Technology Co., Ltd.', cpu: 'AMD' }, 'SVM Mode', 'IOMMU'],
  [{ board: 'ASRock' }, 'Intel Virtualization Technology', 'VT-d'],
  [{ system: 'Dell Inc.' }, 'Virtualization Support', 'VT for Direct I/O'],
  [{ system: 'HP' }, 'Virtualization Technology (VTx)', 'Directed I/O (VTd)'],
  [{ system: 'Hewlett-Packard', cpu: 'AMD' }, 'SVM CPU Virtualization', 'IOMMU'],
  [{ system: 'LENOVO', cpu: 'AMD' }, 'AMD SVM Support', 'AMD I/O Virtualization'],
  [{ board: 'Nobody', bios: 'American Megatrends Inc.' }, 'CPU Configuration', 'System Agent'],
  [{ board: 'Nobody', bios: 'INSYDE Corp.' }, 'Intel Virtualization Technology', 'VT-d'],
  [{ board: 'Nobody', bios: 'INSYDE Corp.', cpu: 'AMD' }, 'SVM Support', 'IOMMU'],
  [{}, 'Virtualization Technology', 'VT-d'],
])('%j', (board, processor, iommu) => {
  expect(firmwareSteps(pc(board), 'processor').join('\n')).toContain(processor);
  expect(firmwareSteps(pc(board), 'iommu').join('\n')).toContain(iommu);
});

test('a Mac has no setup', () => {
  const steps = firmwareSteps(pc({ system: 'Apple Inc.', isApple: true }), 'processor').join('\n');
  expect(steps).toContain('no setup');
  expect(steps).not.toContain('systemctl');
});

const first = (uefi: boolean, systemd: boolean) => firmwareSteps(pc({}, uefi, systemd), 'processor')[0] ?? '';

test('systemctl is only named where it works', () => {
  expect(first(true, true)).toContain('systemctl reboot --firmware-setup');
  expect(first(false, true)).not.toContain('systemctl');
  expect(first(true, false)).not.toContain('systemctl');
});
