// SPDX-License-Identifier: Apache-2.0
//
// How guests could draw on this PC without a card of their own. Only a running guest proves it; this says what is
// certainly missing.
import type { DeviceNode, GraphicsCard, GraphicsPath, VmmReport } from '../../contract/host.ts';
import { atLeastRelease } from '../kernel-version.ts';
import type { Tree } from '../tree.ts';

interface Facts {
  qemu: VmmReport | undefined;
  cards: readonly GraphicsCard[];
  devices: readonly DeviceNode[];
  kernel: string | null;
  /** The library through which QEMU draws with the card */
  virglrenderer: boolean;
  /** The process that virglrenderer starts for Vulkan */
  renderServer: boolean;
}

// Since which kernel KVM maps memory of graphics cards into guests as Venus and native contexts need it.
export const blobKernel = '6.13';
/** Drivers whose commands virglrenderer can hand through from the guest. */
const nativeDrivers = new Set(['amdgpu', 'i915', 'xe', 'msm', 'msm_dpu', 'asahi']);

/** From the simplest to the fastest. */
export function graphicsPaths(facts: Facts): GraphicsPath[] {
  const { qemu, cards, devices, kernel } = facts;
  const nodes = cards.flatMap((card) =>
    card.renderNode === null ? [] : [{ ...card, node: card.renderNode }],
  );
  const usable = nodes.filter(({ node }) => devices.some((device) => device.path === node && device.usable));
  const native = usable.filter(({ driver }) => driver !== null && nativeDrivers.has(driver));
  const has = (feature: string): boolean => qemu?.features.includes(feature) === true;

  const noCard =
    nodes.length === 0
      ? 'No graphics card with a driver for 3D (no /dev/dri/renderD*).'
      : usable.length === 0
        ? `${nodes.map(({ node }) => node).join(', ')} may not be opened by this user.`
        : null;
  const noGl = !has('virtio-gpu-gl')
    ? 'This QEMU has no virtio-gpu-gl device (on Debian it is in qemu-system-modules-opengl, on Fedora in qemu-device-display-virtio-gpu-gl).'
    : !facts.virglrenderer
      ? 'The library virglrenderer is not installed.'
      : null;
  const newEnough = kernel === null ? null : atLeastRelease(kernel, blobKernel);
  const oldKernel = newEnough === false ? `Kernel ${kernel} is too old: ${blobKernel} is needed.` : null;
  const lacks = (feature: string, since: string) =>
    has(feature)
      ? null
      : `QEMU ${since} with it is needed${qemu?.version == null ? '' : `; this is ${qemu.version}`}.`;

  const path = (
    id: GraphicsPath['id'],
    obstacles: readonly (string | null)[],
    found: string,
    nodesUsed: readonly { node: string }[] = [],
    unknown = false,
  ): GraphicsPath => {
    const missing = obstacles.filter((obstacle) => obstacle !== null);
    const noVmm = qemu?.path == null;
    if (noVmm) return { id, possible: false, reason: 'QEMU is not installed.', cards: [] };
    if (missing.length > 0) return { id, possible: false, reason: missing.join(' '), cards: [] };
    return { id, possible: unknown ? null : true, reason: found, cards: nodesUsed.map(({ node }) => node) };
  };
  return [
    path(
      'virtio-gpu-2d',
      [has('virtio-gpu') ? null : 'This QEMU has no virtio-gpu device.'],
      'Works with every guest; pictures are drawn by the processor.',
    ),
    path('virgl', [noGl, noCard], 'OpenGL for Linux guests with the card of this PC.', usable),
    path(
      'venus',
      [
        noGl,
        lacks('venus', '9.2'),
        noCard,
        oldKernel,
        facts.renderServer ? null : 'virglrenderer has no virgl_render_server here.',
      ],
      'Vulkan for Linux guests with the card of this PC.',
      usable,
      newEnough === null,
    ),
    path(
      'native-context',
      [
        noGl,
        lacks('native-context', '11.0'),
        noCard,
        oldKernel,
        noCard === null && native.length === 0
          ? `The driver ${usable.map(({ driver }) => driver ?? 'unknown').join(', ')} has no native contexts (amdgpu, i915, xe and msm have).`
          : null,
      ],
      'The guest drives the card of this PC with its own driver, beside the host.',
      native,
      newEnough === null,
    ),
  ];
}

/** Whether virglrenderer and its server are there: /usr/lib64, /usr/lib or a folder named after the architecture. */
export function readVirglrenderer(tree: Tree): { virglrenderer: boolean; renderServer: boolean } {
  const folders = [
    'usr/lib64',
    'usr/lib',
    ...tree.list('usr/lib').flatMap((name) => (name.includes('-linux-') ? [`usr/lib/${name}`] : [])),
  ];
  const programs = [
    'usr/libexec/virgl_render_server',
    ...folders.map((path) => `${path}/virglrenderer/virgl_render_server`),
  ];
  return {
    virglrenderer: folders.some((path) => tree.exists(`${path}/libvirglrenderer.so.1`)),
    renderServer: programs.some((path) => tree.exists(path)),
  };
}
