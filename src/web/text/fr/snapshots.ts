// SPDX-License-Identifier: Apache-2.0
import type { Translation } from '../language.ts';
import type { snapshots as english } from '../en/snapshots.ts';

export const snapshots: Translation<typeof english> = {
  views: { label: 'Ce qui est affiché', snapshots: 'Instantanés', backups: 'Sauvegardes' },
  title: 'Instantanés',
  about: 'Des états de toute la machine où revenir : ses disques, son micrologiciel et ses réglages.',
  list: 'Instantanés, le plus récent d’abord',
  takeFirst: 'Prendre un instantané…',
  empty: {
    title: 'Pas encore d’instantané',
    text: 'Un instantané garde toute la machine telle qu’elle est, pour tout essayer et pouvoir revenir.',
  },

  encrypted: 'Ses disques sont chiffrés, ce que les instantanés ne savent pas encore faire.',

  now: {
    title: 'Maintenant',
    state: (state, ago) => `${state}, ${ago}`,
    follows: (name) => `Fait suite à « ${name} »`,
    followsNone: 'Ne fait suite à aucun',
  },
  follows: (name) => `après « ${name} »`,
  followsNone: 'le premier de sa lignée',
  taken: (ago) => `Pris ${ago}`,
  memory: 'Avec mémoire',
  memoryAbout: 'Le système invité reprend là où il était, sans redémarrer.',
  automatic: {
    'before-revert': 'Avant un retour',
    hourly: 'Toutes les heures',
    daily: 'Tous les jours',
    weekly: 'Toutes les semaines',
    backup: 'Pour une sauvegarde',
  },
  freesShort: (bytes) => `libère ${bytes}`,
  frees: (bytes) => `Le supprimer libère environ ${bytes}`,
  freesNothing: 'Le supprimer ne libère encore rien',
  noPicture: 'Pas d’image',
  pictureOf: (name) => `L’écran lors de ${name}`,
  menu: (name) => `Plus pour ${name}`,
  show: (name) => `Afficher ${name}`,
  facts: 'Détails',
  when: 'Pris',
  why: 'Pourquoi',
  asked: 'Quelqu’un l’a demandé',
  holds: 'Contient',
  holdsDisks: 'Disques, micrologiciel et réglages',
  holdsMemory: 'Disques, micrologiciel, réglages et mémoire',
  space: 'Place',
  note: 'Note',

  dialog: {
    title: 'Prendre un instantané',
    name: 'Nom',
    namePlaceholder: 'Vide : l’heure',
    note: 'Note',
    notePlaceholder: 'Ce que vous allez essayer, ou comment c’était',
    memory: 'Garder aussi la mémoire',
    memoryAbout: (size) =>
      `Le retour reprend alors le système invité là où il est. Occupe jusqu’à ${size} et l’arrête un instant.`,
    noMemory: 'Sans la mémoire, le retour ressemble à un démarrage après une coupure de courant.',
    label: 'Prendre',
    taken: (name) => `L’instantané « ${name} » est pris`,
    takenNow: 'L’instantané est pris',
  },

  goBack: {
    action: 'Revenir…',
    of: (name) => `Revenir à ${name}`,
    title: (name) => `Revenir à « ${name} » ?`,
    text: (machine) =>
      `${machine} redevient comme alors : ses disques, son micrologiciel et ses réglages. Tous les instantanés restent.`,
    resumes: 'Le système invité reprend là où il en était alors.',
    boots: 'Elle est éteinte ensuite.',
    bootsAgain: 'Elle est éteinte aussitôt, puis redémarrée.',
    ends: 'Ce qui y tourne maintenant est arrêté aussitôt.',
    keep: 'Garder d’abord l’état actuel comme instantané',
    keepAbout: 'Vous pourrez alors y revenir aussi.',
    discard: 'Abandonner l’état actuel',
    discardAbout: (ago) => `Tout depuis le dernier instantané (${ago}) est perdu pour de bon.`,
    discardAll: 'Tout ce qu’elle contient maintenant est perdu pour de bon.',
    choice: 'L’état actuel',
    label: 'Revenir',
    discardLabel: 'Abandonner et revenir',
    done: (name) => `Elle est comme lors de « ${name} »`,
  },

  edit: {
    action: 'Nom et note…',
    title: 'Nom et note',
    label: 'Enregistrer',
    keeps: 'Une fois modifié, il n’est plus supprimé automatiquement.',
  },

  delete: {
    action: 'Supprimer…',
    title: (name) => `Supprimer l’instantané « ${name} » ?`,
    text: 'Vous ne pourrez plus y revenir. La machine et tous ses autres instantanés restent tels quels.',
    frees: (bytes) => `Environ ${bytes} seront libérés.`,
    freesLater: 'Ce dont lui seul a besoin sera libéré une fois la machine éteinte.',
    label: 'Supprimer',
    done: (name) => `L’instantané « ${name} » est supprimé`,
  },

  clone: 'En faire une machine…',
};
