// SPDX-License-Identifier: Apache-2.0
import type { Messages } from '../language.ts';

export const log: Messages['log'] = {
  views: { label: 'Afficher', events: 'Événements', logs: 'Journaux' },
  copyRefused: 'Le navigateur ne l’a pas permis. Sélectionnez le texte et copiez-le vous-même.',
  crash: { title: 'La machine a planté', log: 'Les dernières lignes du journal correspondant' },
  nothing: 'Il ne s’est encore rien passé.',
  older: 'Charger les précédents',
  events: {
    'machine.created': 'Créée',
    'machine.changed': 'Réglages modifiés',
    'machine.deleted': 'Mise à la corbeille',
    'machine.restored': 'Restaurée de la corbeille',
    'machine.erased': 'Effacée',
    'machine.ready': 'L’invité est prêt',
    'machine.reset': 'L’invité a recommencé',
  },
  states: {
    saved: 'Enregistrée',
    stopped: 'Est éteinte',
    starting: 'Démarre',
    running: 'Est en marche',
    paused: 'Est en pause',
    stopping: 'S’éteint',
    broken: 'Sa définition est inutilisable',
  },
  crashed: (reason) => `A planté : ${reason}`,
  failed: 'Quelque chose a échoué',
  pausedBecause: (reason) => `A été mise en pause : ${reason}`,
  source: {
    label: 'Journal',
    serial: 'Port série : ce que l’invité a écrit',
    vmm: 'VMM : ce qui fait tourner la machine',
    helper: (name) => `Auxiliaire ${name}`,
  },
  lines: { label: 'Lignes', last: (count) => `Les ${count} dernières lignes` },
  refresh: 'Actualiser',
  readAt: (time) => `Lu à ${time}`,
  empty: 'Ce journal est vide.',
  copy: 'Copier le journal',
  download: 'Télécharger',
  text: (source) => `Journal : ${source}`,
};
