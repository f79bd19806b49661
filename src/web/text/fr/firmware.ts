// SPDX-License-Identifier: Apache-2.0
import type { FirmwareText } from '../../machine/firmware/words.ts';

export const firmware: FirmwareText = {
  title: 'Secure Boot',
  states: {
    enforced: 'Activé',
    off: 'Désactivé',
    'setup-mode': 'Non configuré',
    unsupported: 'Impossible',
    'not-started': 'Prêt pour le premier démarrage',
  },
  about: {
    enforced: 'Seuls démarrent les chargeurs signés par ceux auxquels il fait confiance.',
    off: 'N’importe quel chargeur démarre.',
    'setup-mode': 'Il ne fait encore confiance à personne, et démarre donc n’importe quel chargeur.',
    unsupported: 'Le micrologiciel de cette machine ne connaît pas Secure Boot.',
    'not-started': 'Ce à quoi il fait confiance est inscrit au premier démarrage de la machine.',
  },
  microsoft: 'Certificats de Microsoft',
  has: (year) => `${year} : inscrits`,
  lacks: (year) => `${year} : absents`,
  old: 'Ceux de 2011 ont pris fin en 2026. Les systèmes signés désormais demandent ceux de 2023.',
  enrol: 'Inscrire ceux de 2023…',
  offFirst: 'Éteignez d’abord la machine.',
  dialog: {
    title: 'Inscrire les certificats de 2023 ?',
    text: 'Le micrologiciel fera alors aussi confiance à ce que Microsoft signe avec ses nouveaux certificats. Rien de ce à quoi il fait confiance n’est retiré.',
    bitlocker:
      'Si Windows chiffre son disque avec BitLocker dans cette machine, il demandera sa clé de récupération au prochain démarrage, car le micrologiciel aura changé. Ayez cette clé sous la main, ou suspendez BitLocker auparavant.',
    label: 'Inscrire',
  },
  done: 'Les certificats sont inscrits.',
  table: {
    title: (count, shown) =>
      count < 2 ? `${shown} certificat ou empreinte` : `${shown} certificats et empreintes`,
    database: 'Dans',
    name: 'De',
    until: 'Valable jusqu’au',
    hash: 'une empreinte',
    databases: {
      PK: 'Propriétaire (PK)',
      KEK: 'Peut le modifier (KEK)',
      db: 'Accepté (db)',
      dbx: 'Refusé (dbx)',
    },
  },
};
