// SPDX-License-Identifier: Apache-2.0

/** What suits the system of a machine, and why. The reasons themselves are in English. */
export const profile = {
  title: 'Why These Parts',
  about: (name: string) => `Chosen for ${name}`,
  unknown: 'Chosen for a system that is not known',
  settingsTitle: 'Its System',
  recognised: 'Recognised as',
  wants: 'It wants more',
  keys: {
    guestOs: 'System',
    'boot.type': 'Firmware',
    'boot.secureBoot': 'Secure Boot',
    tpm: 'TPM',
    clock: 'Clock',
    'disks.bus': 'Disk',
    'removable.bus': 'Drive',
    removable: 'Drives',
    'nics.model': 'Network',
    'display.device': 'Screen',
    sound: 'Sound',
    input: 'Keyboard and pointer',
    agent: 'Guest agent',
    clipboard: 'Clipboard',
  } as Readonly<Record<string, string>>,
  values: {
    true: 'yes',
    uefi: 'UEFI',
    bios: 'BIOS',
    utc: 'UTC',
    local: 'local time',
    emulated: 'emulated TPM 2.0',
    false: 'no',
    none: 'none',
  } as Readonly<Record<string, string>>,
};
