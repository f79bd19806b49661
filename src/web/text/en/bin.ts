// SPDX-License-Identifier: Apache-2.0

export const bin = {
  title: 'Bin',
  about: (total: string) =>
    `Deleted machines wait here until you erase them; they take ${total} of the disk.`,
  list: 'Deleted machines',
  deleted: (ago: string, bytes: string) => `Deleted ${ago} · ${bytes}`,
  restore: 'Restore',
  restoreOf: (name: string) => `Restore ${name}`,
  restored: (name: string) => `${name} is back`,
  open: 'Open',
  erase: 'Erase…',
  eraseOf: (name: string) => `Erase ${name} for good`,
  eraseTitle: (name: string) => `Erase ${name} for good?`,
  eraseText: (bytes: string) =>
    `Its definition, disks and snapshots are removed and cannot be brought back. ${bytes} become free.`,
  eraseLabel: 'Erase for Good',
  erased: (name: string, bytes: string) => `${name} is erased, ${bytes} are free`,
  empty: {
    title: 'The bin is empty',
    text: 'Machines that you delete come here first, and can be restored.',
  },
};
