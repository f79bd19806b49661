// SPDX-License-Identifier: Apache-2.0
import type { Messages } from '../language.ts';

export const bin: Messages['bin'] = {
  title: 'Corbeille',
  about: (total) =>
    `Les machines supprimées attendent ici que vous les effaciez ; elles occupent ${total} sur le disque.`,
  list: 'Machines supprimées',
  deleted: (ago, bytes) => `Supprimée ${ago} · ${bytes}`,
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
