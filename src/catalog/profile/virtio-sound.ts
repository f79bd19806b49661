// SPDX-License-Identifier: Apache-2.0

// Linux has the driver since 5.13 (sound/virtio), and these distributions build it (CONFIG_SND_VIRTIO). Those for
// servers (RHEL and what is built from it) do not.
const since: readonly (readonly [family: RegExp, version: number])[] = [
  [/^debian([\d.]+)$/, 12],
  [/^[kxl]?ubuntu(?:-?[a-z]+)?([\d.]+)$/, 22.04],
  [/^fedora(?:-[a-z]+)?([\d.]*)$/, 35],
  [/^(?:archlinux|silverblue|kinoite)()$/, 0],
];

/** Whether a Linux of this id (as in the catalogue) has a driver for virtio's sound card. One without a version is the newest. */
export function knowsVirtioSound(id: string): boolean {
  return since.some(([family, version]) => {
    const found = family.exec(id)?.[1];
    return found !== undefined && (found === '' || Number.parseFloat(found) >= version);
  });
}
