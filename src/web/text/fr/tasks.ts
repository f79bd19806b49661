// SPDX-License-Identifier: Apache-2.0
import type { Messages } from '../language.ts';

export const tasks: Messages['tasks'] = {
  title: 'Tâches',
  running: 'En cours',
  ended: 'Terminées récemment',
  working: 'Travail en cours…',
  bytes: (done, total) => `${done} sur ${total}`,
  left: (time) => `reste ${time}`,
  began: (ago) => `commencée ${ago}`,
  took: (ago, time) => `${ago}, durée ${time}`,
  states: { running: 'En cours', done: 'Terminée', failed: 'Échouée', aborted: 'Interrompue' },
  openMachine: 'Ouvrir la machine',
  useImage: (name) => `Dans la bibliothèque sous le nom ${name}`,
  hide: 'Continuer en arrière-plan',
  abort: 'Interrompre',
  abortOf: (what) => `Interrompre « ${what} »`,
  abortTitle: (what) => `Interrompre « ${what} » ?`,
  abortText: 'Ce qui a été fait jusqu’ici est annulé.',
  abortBytes: (bytes) => `Les ${bytes} déjà transférés sont effacés et devront l’être à nouveau.`,
  goOn: 'Continuer',
  empty: {
    title: 'Aucune tâche',
    text: 'Les travaux de longue haleine, comme la création d’une machine ou un téléchargement, s’affichent ici avec leur progression.',
  },
};
