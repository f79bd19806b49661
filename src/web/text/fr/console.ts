// SPDX-License-Identifier: Apache-2.0
import type { Messages } from '../language.ts';

export const console: Messages['console'] = {
  label: (name) => `Console série de ${name}`,
  clear: 'Effacer',
  connecting: 'Ouverture de la console…',
  lost: 'La console a été perdue ; nouvelle ouverture…',
  hint: 'Chaque touche va à l’invité. Ctrl gauche + Alt gauche, pressés et relâchés ensemble, reprennent le clavier.',
};
