// SPDX-License-Identifier: Apache-2.0
import type { Messages } from '../language.ts';

export const bin: Messages['bin'] = {
  title: 'Corbeille',
  about: (total, frees) => `Elles occupent ${total} sur le disque ; vider la corbeille libère ${frees}.`,
  list: 'Machines supprimées',
  deleted: (ago, bytes) => `Supprimée ${ago} · ${bytes}`,
  frees: (bytes) => `libère ${bytes}`,
  shared: 'Le reste est partagé avec d’autres machines',
  eraseOn: (date) => `sera effacée le ${date}`,
  emptyBin: 'Vider la corbeille…',
  emptyTitle: 'Effacer définitivement toutes les machines de la corbeille ?',
  emptyText: (count, bytes) => `Pour ${count}, aucun retour possible. ${bytes} seront libérés.`,
  machines: { one: '1 machine', other: (count) => `${count} machines` },
  emptyLabel: 'Tout effacer',
  emptied: (bytes) => `La corbeille est vidée, ${bytes} sont libérés`,
  notErased: 'Impossible à effacer',
  keep: 'Effacer les machines supprimées',
  keepAbout: 'Elles sont effacées d’elles-mêmes après ce délai ; un avis précède.',
  keepNever: 'Jamais d’elles-mêmes',
  keepDays: { one: 'Après 1 jour', other: (count) => `Après ${count} jours` },
  restore: 'Restaurer',
  restoreOf: (name) => `Restaurer ${name}`,
  restored: (name) => `${name} est de retour`,
  open: 'Ouvrir',
  erase: 'Effacer…',
  eraseOf: (name) => `Effacer définitivement ${name}`,
  eraseTitle: (name) => `Effacer définitivement ${name} ?`,
  eraseText: (bytes) =>
    `Sa définition, ses disques et ses instantanés sont effacés sans retour possible. ${bytes} seront libérés.`,
  eraseLabel: 'Effacer définitivement',
  erased: (name, bytes) => `${name} est effacée, ${bytes} sont libérés`,
  empty: {
    title: 'La corbeille est vide',
    text: 'Les machines que vous supprimez viennent d’abord ici, où l’on peut les restaurer.',
  },
};
