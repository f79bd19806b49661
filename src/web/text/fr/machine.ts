// SPDX-License-Identifier: Apache-2.0
import type { Messages } from '../language.ts';

export const machine: Messages['machine'] = {
  tabs: {
    label: 'Parties de cette machine',
    screen: 'Écran',
    console: 'Console',
    activity: 'Activité',
    snapshots: 'Instantanés',
    settings: 'Réglages',
    log: 'Journal',
  },
  showLog: 'Voir le journal',
  showSettings: 'Voir les réglages',
  starting: 'Elle sera là dans un instant.',
  saved: 'Sa mémoire est sur le disque. Démarrée, elle reprend là où elle en était.',
  off: 'Son écran et sa console sont ici pendant qu’elle tourne.',
  undo: 'Annuler',
  deleted: (name) => `${name} est dans la corbeille`,
  cutPower: {
    title: (name) => `Couper le courant de ${name} ?`,
    text: 'Le système invité n’est pas consulté. Ce qu’il n’a pas écrit sur ses disques est perdu, comme sur un PC que l’on débranche.',
    offer: 'Couper le courant…',
  },
  reset: {
    title: (name) => `Réinitialiser ${name} ?`,
    text: 'Le système invité n’est pas consulté et recommence. Ce qu’il n’a pas écrit sur ses disques est perdu.',
  },
  saving: (name) => `Enregistrement de ${name}`,
  discardSaved: {
    title: (name) => `Abandonner l’état enregistré de ${name} ?`,
    text: 'Le contenu de sa mémoire est perdu, comme sur un PC que l’on débranche. Elle amorcera à son prochain démarrage.',
    label: 'Abandonner',
  },
  template: 'Une base pour des clones : elle ne démarre pas et ne change pas.',
  isTemplate: (name) => `${name} est maintenant un modèle et reste telle quelle`,
  isNoTemplate: (name) => `${name} est de nouveau une machine comme les autres`,
  not: {
    busy: (what) => `Attendez la fin de ceci : ${what}`,
    template: 'C’est un modèle, qui ne change jamais.',
    states: {
      stopped: 'Seulement quand elle tourne.',
      crashed: 'Seulement quand elle tourne.',
      running: 'Éteignez-la d’abord.',
      paused: 'Reprenez-la et éteignez-la d’abord.',
      saved: 'Reprenez-la et éteignez-la, ou abandonnez d’abord son état enregistré.',
      starting: 'Attendez un instant qu’elle tourne.',
      stopping: 'Attendez un instant qu’elle soit éteinte.',
      broken: 'Réparez d’abord sa définition.',
    },
  },
  rename: { title: (name) => `Renommer ${name}`, label: 'Nouveau nom' },
};
