// SPDX-License-Identifier: Apache-2.0

/** What a machine's firmware trusts. It comes with the settings of a machine that has UEFI. */
export const firmware = {
  title: 'Secure Boot',
  states: {
    enforced: 'On',
    off: 'Off',
    'setup-mode': 'Not set up',
    unsupported: 'Not possible',
    'not-started': 'Ready for its first start',
  },
  about: {
    enforced: 'Only boot loaders that are signed by somebody it trusts are started.',
    off: 'Any boot loader is started.',
    'setup-mode': 'It trusts nobody yet, and so starts any boot loader.',
    unsupported: 'The firmware of this machine knows no Secure Boot.',
    'not-started': 'What it trusts is written down when the machine starts for the first time.',
  },
  microsoft: 'Certificates of Microsoft',
  has: (year: string) => `${year}: enrolled`,
  lacks: (year: string) => `${year}: missing`,
  old: 'Those of 2011 ended in 2026. Systems signed from now on want those of 2023.',
  enrol: 'Enrol 2023…',
  offFirst: 'Shut the machine down first.',
  dialog: {
    title: 'Enrol the certificates of 2023?',
    text: 'The firmware will then also trust what Microsoft signs with its newer certificates. Nothing that it trusts now is removed.',
    bitlocker:
      'If Windows in this machine encrypts its disk with BitLocker, it asks for its recovery key at the next start, because the firmware has changed. Have that key at hand, or suspend BitLocker before.',
    label: 'Enrol',
  },
  done: 'The certificates are enrolled.',
  table: {
    title: (count: number, shown: string) =>
      count === 1 ? '1 certificate or hash' : `${shown} certificates and hashes`,
    database: 'In',
    name: 'Of',
    until: 'Valid until',
    hash: 'a hash',
    databases: { PK: 'Owner (PK)', KEK: 'May change it (KEK)', db: 'Trusted (db)', dbx: 'Refused (dbx)' },
  },
};
