// SPDX-License-Identifier: Apache-2.0
import type { ProfileText } from '../../profile/words.ts';

export const profile: ProfileText = {
  title: 'Pourquoi ces composants',
  about: (name) => `Choisis pour ${name}`,
  unknown: 'Choisis pour un système inconnu',
  settingsTitle: 'Son système',
  recognised: 'Reconnu comme',
  wants: 'Il en voudrait davantage',
  keys: {
    guestOs: 'Système',
    'boot.type': 'Micrologiciel',
    'boot.secureBoot': 'Secure Boot',
    tpm: 'TPM',
    clock: 'Horloge',
    'disks.bus': 'Disque',
    'removable.bus': 'Lecteur',
    removable: 'Lecteurs',
    'nics.model': 'Réseau',
    'display.device': 'Écran',
    sound: 'Son',
    input: 'Clavier et pointeur',
    agent: 'Agent invité',
    clipboard: 'Presse-papiers',
  },
  values: {
    true: 'oui',
    uefi: 'UEFI',
    bios: 'BIOS',
    utc: 'UTC',
    local: 'heure locale',
    emulated: 'TPM 2.0 émulé',
    false: 'non',
    none: 'aucun',
  },
};
