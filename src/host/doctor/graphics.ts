// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '../../contract/doctor.ts';
import type { GraphicsCard, HostReport } from '../../contract/host.ts';
import { atLeastRelease } from '../kernel-version.ts';
import { blobKernel } from '../readers/graphics-paths.ts';
import { deviceEvidence, deviceOf, finding, seen, type Check } from './finding.ts';

// Cards that VMMs make up: QEMU (bochs, Cirrus, QXL, virtio), VMware, VirtualBox, Hyper-V, Amazon.
const virtualCards = new Set([
  '1234:1111',
  '1013:00b8',
  '1b36:0100',
  '1af4:1050',
  '15ad:0405',
  '80ee:beef',
  '1414:5353',
  '1d0f:1111',
]);

/** Cards made of silicon, each once: virtual functions belong to their card. */
export function realCards({ graphics }: HostReport): GraphicsCard[] {
  return graphics.filter(({ vendorId, deviceId, virtualFunctionOf }) => {
    return virtualFunctionOf === null && !virtualCards.has(`${vendorId}:${deviceId}`);
  });
}

/** Containers may hide the devices of their PC: then nobody knows. */
export const cardsUnseen = ({ graphics, pciDevices, virtualised }: HostReport): boolean =>
  graphics.length === 0 && pciDevices.length === 0 && virtualised.container !== null;

/** Can it be divided among guests? */
export const divisible = ({ sriov, mdevTypes }: GraphicsCard): boolean =>
  sriov !== null || mdevTypes.length > 0;

export const checkGraphics: Check = (report) => [...cards(report), ...drawing(report)];

function cards(report: HostReport): Finding[] {
  const real = realCards(report);
  const findings: Finding[] = [];
  if (report.graphics.length === 0 && !cardsUnseen(report)) {
    findings.push(
      finding({
        id: 'no-graphics-card',
        severity: 'advice',
        title: 'There is no graphics card.',
        explanation: 'Guests still have screens, which the page shows. This PC itself cannot show one.',
        evidence: [seen('/sys/bus/pci/devices', 'no device of class 03')],
      }),
    );
  }
  const [only] = real;
  if (real.length === 1 && only !== undefined && !divisible(only) && report.iommu.enabled) {
    findings.push(
      finding({
        id: 'single-graphics-card',
        severity: 'advice',
        title: 'There is one graphics card, and it cannot be divided.',
        explanation:
          'When a guest gets it, this PC has no screen until the guest ends. Guests can draw without a card of their own.',
        evidence: [seen(only.address ?? only.driver ?? 'card', cardName(only))],
        next: ['A second card, however small, lets the host keep its screen.'],
      }),
    );
  }
  const unused = real.filter(({ sriov }) => sriov !== null && sriov.enabled === 0);
  if (unused.length > 0) {
    findings.push(
      finding({
        id: 'sriov-unused',
        severity: 'advice',
        title: 'A graphics card could be divided among guests (SR-IOV), and is not.',
        explanation:
          'Each part is a card of its own that can be given to a guest. The parts have no plug for a monitor.',
        evidence: unused.map((card) =>
          seen(
            `/sys/bus/pci/devices/${card.address}/sriov_totalvfs`,
            `${card.sriov?.total}, of which 0 are in use`,
          ),
        ),
        next: report.iommu.enabled ? [] : ['Switch on the IOMMU first: without it no guest can have a part.'],
      }),
    );
  }
  return findings;
}

const cardName = ({ vendor, device, vendorId, deviceId }: GraphicsCard): string =>
  [vendor, device].filter((part) => part !== null).join(' ') || `${vendorId}:${deviceId}`;

// Guests that draw with the card of this PC, beside the host.
function drawing(report: HostReport): Finding[] {
  const nodes = realCards(report).flatMap(({ renderNode }) => renderNode ?? []);
  if (nodes.length === 0) return [];
  const findings: Finding[] = [];
  const devices = nodes.map((node) => deviceOf(report, node)).filter((device) => device?.exists === true);
  if (devices.length > 0 && devices.every((device) => device?.usable === false)) {
    const group = devices[0]?.group ?? 'render';
    findings.push(
      finding({
        id: 'graphics-no-permission',
        severity: 'advice',
        title: 'The graphics card may not be used by this user.',
        explanation: 'Guests could not draw with it (OpenGL, Vulkan). They still draw with the processor.',
        evidence: nodes.map((node) => deviceEvidence(report, node)),
        next: [`sudo usermod -aG ${group} ${report.session.user ?? '$USER'}, then log out and in again.`],
      }),
    );
  }
  if (report.kernel !== null && atLeastRelease(report.kernel, blobKernel) === false) {
    findings.push(
      finding({
        id: 'kernel-too-old-for-venus',
        severity: 'advice',
        title: 'The kernel is too old for Vulkan in guests.',
        explanation: `Venus and native contexts, the fast ways to draw in a guest, need kernel ${blobKernel} or later. OpenGL (virgl) works with older ones.`,
        evidence: [seen('/proc/sys/kernel/osrelease', report.kernel)],
        next: [
          'Update the distribution, or install its newer kernel (Debian: backports; Ubuntu: the HWE kernel).',
        ],
      }),
    );
  }
  const virgl = report.graphicsPaths.find(({ id }) => id === 'virgl');
  const qemu = report.vmms.find(({ program }) => program === `qemu-system-${report.cpu.architecture}`);
  const card = /No graphics card|may not be opened/.test(virgl?.reason ?? '');
  if (qemu?.path != null && virgl?.possible === false && !card) {
    findings.push(
      finding({
        id: 'graphics-library-missing',
        severity: 'advice',
        title: 'QEMU cannot draw with the graphics card yet.',
        explanation: virgl.reason,
        evidence: [seen(qemu.program, `features: ${qemu.features.join(', ') || 'none'}`)],
        next: [
          'Debian: sudo apt install qemu-system-modules-opengl libvirglrenderer1; Fedora: sudo dnf install qemu-device-display-virtio-gpu-gl virglrenderer',
        ],
      }),
    );
  }
  return findings;
}
