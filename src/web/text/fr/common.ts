// SPDX-License-Identifier: Apache-2.0
import type { Messages } from '../language.ts';

export const common: Messages['common'] = {
  appName: 'Phyllome OS',
  close: 'Fermer',
  cancel: 'Annuler',
  back: 'Retour',
  next: 'Suivant',
  retry: 'Réessayer',
  more: 'Plus',
  copy: 'Copier',
  copied: 'Copié',
  loading: 'Chargement…',
  unknown: 'Inconnu',
  none: 'Aucun',
  skipToContent: 'Aller au contenu',
  nav: {
    label: 'Navigation principale',
    machines: 'Machines',
    tasks: 'Tâches',
    bin: 'Corbeille',
    thisPc: 'Ce PC',
    tasksRunning: (count) => `${count} en cours`,
  },
  link: {
    connecting: 'Connexion au service…',
    lost: 'Le service ne répond pas. Vos machines continuent de tourner ; cette page reprendra d’elle-même dès son retour.',
    back: 'Le service est de retour.',
    signedOutTitle: 'Vous n’êtes pas connecté',
    signedOut:
      'Lancez « phyllome open » dans un terminal. Cette commande affiche un lien qui connecte ce navigateur.',
  },
  pageUnreachable: {
    message: 'Le service ne répond pas.',
    hint: 'Démarrez-le avec « phyllome up » ; cette page reprendra alors d’elle-même.',
  },
  defect: {
    title: 'Cette vue a échoué',
    hint: 'C’est un défaut de notre part. Rechargez la page pour continuer.',
  },
  notFound: {
    title: 'Il n’y a rien ici',
    text: 'Cette adresse ne mène nulle part.',
    home: 'Afficher les machines',
  },
  states: {
    stopped: 'Éteinte',
    starting: 'Démarre',
    running: 'En marche',
    paused: 'En pause',
    stopping: 'S’éteint',
    crashed: 'Plantée',
    broken: 'Endommagée',
  },
  actions: {
    start: 'Démarrer',
    powerOff: 'Éteindre',
    cutPower: 'Couper le courant',
    pause: 'Mettre en pause',
    resume: 'Reprendre',
    reset: 'Réinitialiser',
    open: 'Ouvrir',
    rename: 'Renommer',
    delete: 'Supprimer',
  },
  stateChanged: (name, state) => `${name} : ${state}`,
  language: 'Langue',
};
