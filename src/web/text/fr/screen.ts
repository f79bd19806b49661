// SPDX-License-Identifier: Apache-2.0
import type { Messages } from '../language.ts';

export const screen: Messages['screen'] = {
  canvas: (name) => `Écran de ${name}`,
  toolbar: 'Écran',
  connecting: 'Connexion à l’écran…',
  lost: 'L’écran a été perdu ; nouvelle connexion…',
  paused: 'En pause',
  keyboard: {
    take: 'Écrire dans l’invité',
    taken: 'Vous écrivez dans l’invité',
    hint: 'Chaque touche va à l’invité. Ctrl gauche + Alt gauche, pressés et relâchés ensemble, reprennent le clavier.',
  },
  keys: 'Envoyer des touches',
  screenshot: 'Enregistrer une image de l’écran',
  view: 'Affichage',
  fit: {
    follow: 'L’invité s’adapte à la fenêtre',
    scale: 'Mis à l’échelle de la fenêtre',
    exact: 'Pixel par pixel',
  },
  speed: { quick: 'Rapide : depuis ce PC', slow: 'Comprimé : à travers un réseau' },
  fullScreen: 'Plein écran',
  leaveFullScreen: 'Quitter le plein écran',
  clipboard: {
    title: 'Copier et coller',
    to: 'Vers l’invité',
    about:
      'Le presse-papiers exige spice-vdagent (Linux) ou les outils invités SPICE (Windows) dans l’invité. La frappe marche partout, avec les caractères d’un clavier américain.',
    offer: 'Mettre dans son presse-papiers',
    offered: 'L’invité peut le coller maintenant',
    type: 'Taper le texte',
    typing: 'Frappe en cours…',
    from: 'Depuis l’invité',
    nothing: 'Rien n’a encore été copié dans l’invité.',
  },
};
