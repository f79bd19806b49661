// SPDX-License-Identifier: Apache-2.0
//
// What systemd-repart is told for an installation: the definitions of the image, and what is different once: the slot that
// runs is copied, and the root file system encrypted if that was wished.

export interface Wishes {
  /** Version of the system that runs; its slot gets the name by which updates know it */
  version: string;
  /** LUKS for the root file system, opened by a key file and perhaps by the TPM too */
  encrypt: 'off' | 'key-file' | 'key-file+tpm2';
}

/** Texts by name, to be put beside a copy of /usr/lib/repart.d. */
export function installDefinitions({ version, encrypt }: Wishes) {
  // From what is mounted at /usr.
  const slot = part(`Label=phyllome_${version}`, 'CopyBlocks=auto');
  return {
    '20-usr-verity.conf.d/install.conf': slot,
    '21-usr.conf.d/install.conf': slot,
    '40-root.conf.d/install.conf': part(`Encrypt=${encrypt}`),
  };
}

const part = (...lines: string[]): string => ['[Partition]', ...lines, ''].join('\n');
