// SPDX-License-Identifier: Apache-2.0
import type { GraphicsCard, PciDevice } from '../../contract/host.ts';
import { nameIn, numberIn, type Tree } from '../tree.ts';
import { pciFolder } from './pci.ts';

/** Graphics cards: those on the PCI bus, then those of boards (arm) that the kernel draws with. */
export function readGraphics(tree: Tree, devices: readonly PciDevice[]): GraphicsCard[] {
  const cards = devices.filter((device) => device.class?.startsWith('03') === true);
  return [...cards.map((device) => readPciCard(tree, device)), ...readBoardCards(tree)];
}

function readPciCard(tree: Tree, device: PciDevice): GraphicsCard {
  const path = `${pciFolder}/${device.address}`;
  const bootVga = numberIn(tree, `${path}/boot_vga`);
  return {
    address: device.address,
    vendorId: device.vendorId,
    deviceId: device.deviceId,
    vendor: device.vendor,
    device: device.device,
    driver: device.driver,
    bootVga: bootVga === null ? null : bootVga === 1,
    ...readDrm(tree, `${path}/drm`),
    iommuGroup: device.iommuGroup,
    virtualFunctionOf: device.virtualFunctionOf,
    sriov: device.sriov,
    mdevTypes: readMdevTypes(tree, path),
  };
}

// drm/card0 with its connectors card0-HDMI-A-1, and drm/renderD128.
function readDrm(tree: Tree, folder: string): Pick<GraphicsCard, 'renderNode' | 'connectors'> {
  const names = tree.list(folder);
  const render = names.find((name) => /^renderD\d+$/.test(name));
  const card = names.find((name) => /^card\d+$/.test(name));
  const connectors =
    card === undefined
      ? []
      : tree.list(`${folder}/${card}`).filter((name) => {
          return name.startsWith(`${card}-`) && tree.text(`${folder}/${card}/${name}/status`) === 'connected';
        });
  return {
    renderNode: render === undefined ? null : `/dev/dri/${render}`,
    connectors: connectors.map((name) => name.slice((card?.length ?? 0) + 1)),
  };
}

function readMdevTypes(tree: Tree, path: string): GraphicsCard['mdevTypes'] {
  return tree.list(`${path}/mdev_supported_types`).map((id) => {
    const type = `${path}/mdev_supported_types/${id}`;
    return {
      id,
      name: nameIn(tree, `${type}/name`),
      description: nameIn(tree, `${type}/description`),
      available: numberIn(tree, `${type}/available_instances`),
    };
  });
}

// Cards without a PCI address hang on the platform bus. Several drm devices may belong to one chip (display and 3D
// part), each is shown; the frame buffer that the firmware left behind (simple-framebuffer) is no card.
function readBoardCards(tree: Tree): GraphicsCard[] {
  const found = new Map<string, GraphicsCard>();
  for (const name of tree.list('sys/class/drm')) {
    if (!/^(?:card|renderD)\d+$/.test(name)) continue;
    const device = tree.resolve(`sys/class/drm/${name}/device`);
    if (device === null || tree.linkName(`${device}/subsystem`) !== 'platform' || found.has(device)) continue;
    const driver = tree.linkName(`${device}/driver`);
    if (driver === null || /^(?:simple-framebuffer|efi-framebuffer|vesa-framebuffer|vkms)$/.test(driver))
      continue;
    const compatible = tree.text(`${device}/of_node/compatible`)?.split(/\s+/)[0] ?? null;
    found.set(device, {
      address: null,
      vendorId: null,
      deviceId: null,
      vendor: compatible?.split(',')[0] ?? null,
      device: compatible?.split(',')[1] ?? compatible,
      driver,
      bootVga: null,
      ...readDrm(tree, `${device}/drm`),
      iommuGroup: null,
      virtualFunctionOf: null,
      sriov: null,
      mdevTypes: [],
    });
  }
  return [...found.values()];
}
