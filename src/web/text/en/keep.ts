// SPDX-License-Identifier: Apache-2.0

/** Copies, deletion and encryption of machines. Loaded with the dialogs that show it, not with the page. */
export const keep = {
  clone: {
    title: (name: string) => `Clone ${name}`,
    name: 'Name of the new machine',
    from: 'Begin with',
    fromNow: 'How it is now',
    how: 'How it is copied',
    linked: 'Linked',
    linkedAbout:
      'Ready at once: what is on the disks is shared, and each machine keeps only what it changes.',
    full: 'Full copy',
    fullAbout: 'All disks are copied: takes time and space, and shares nothing.',
    tpm: 'Begin with an empty TPM',
    tpmAbout: 'The two do not share keys; what is sealed with them in the guest does not open then.',
    label: 'Clone',
    done: (name: string) => `${name} is ready.`,
    open: (name: string) => `Open ${name}`,
    identity: 'Give It an Identity of Its Own',
    copy: 'Copy these commands',
    nowNot: 'How it is now cannot be cloned while it is not off. A snapshot can.',
  },

  delete: {
    title: (name: string) => `Delete ${name}?`,
    text: 'It moves to the bin, from where it can be restored until it is erased.',
    size: (bytes: string) => `${bytes} move to the bin`,
    frees: (bytes: string) => `Erasing it later frees ${bytes}`,
    files: (count: string) => `All ${count} files`,
    file: 'The one file',
    stays: 'Stays where it is',
    label: 'Delete',
  },

  start: {
    title: (name: string) => `Unlock ${name}`,
    text: 'Its disks are encrypted. The passphrase is asked for at every start.',
    label: 'Start',
  },
  passphrase: {
    label: 'Passphrase',
    again: 'The same again',
    differ: 'These are two different ones.',
    short: 'At least 8 characters. Some words that have nothing to do with each other are good.',
    show: 'Show',
    hide: 'Hide',
  },
  encryption: {
    title: 'Encryption',
    off: 'Disks are not encrypted',
    offAbout: 'Whoever has this PC’s disk can read what is on them.',
    on: 'Disks are encrypted',
    holders: {
      passphrase: 'The passphrase is asked for at every start.',
      keyring: 'The keyring of your desktop keeps the passphrase.',
      tpm: 'The TPM of this PC opens them, and the passphrase elsewhere.',
    },
    encrypt: 'Encrypt…',
    decrypt: 'Decrypt…',
    encryptTitle: (name: string) => `Encrypt the Disks of ${name}`,
    encryptText:
      'All disks are written anew, which takes a while. Nobody can open them without the passphrase, not even we: keep it.',
    encryptLabel: 'Encrypt',
    holder: 'Who opens them at a start',
    holderNames: {
      passphrase: 'You, each time',
      keyring: 'The keyring of your desktop',
      tpm: 'The TPM of this PC',
    },
    decryptTitle: (name: string) => `Decrypt the Disks of ${name}?`,
    decryptText:
      'All disks are written anew without encryption. Whoever has this PC’s disk can read them then.',
    decryptLabel: 'Decrypt',
    passphraseIfAsked: 'Only needed when nobody else keeps it.',
  },
};
