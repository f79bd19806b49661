// SPDX-License-Identifier: Apache-2.0
import type { Translation } from '../language.ts';
import type { keep as english } from '../en/keep.ts';

export const keep: Translation<typeof english> = {
  clone: {
    title: (name) => `Cloner ${name}`,
    name: 'Nom de la nouvelle machine',
    from: 'Partir de',
    fromNow: 'Son état actuel',
    how: 'Façon de copier',
    linked: 'Liée',
    linkedAbout:
      'Prête aussitôt : le contenu des disques est partagé, et chaque machine ne garde que ce qu’elle change.',
    full: 'Copie complète',
    fullAbout: 'Tous les disques sont copiés : cela prend du temps et de la place, et rien n’est partagé.',
    tpm: 'Commencer avec un TPM vide',
    tpmAbout:
      'Les deux ne partagent pas de clés ; ce que l’invité a scellé avec elles ne s’ouvre alors plus.',
    label: 'Cloner',
    done: (name) => `${name} est prête.`,
    open: (name) => `Ouvrir ${name}`,
    identity: 'Lui donner une identité propre',
    copy: 'Copier ces commandes',
    nowNot: 'Son état actuel ne peut être cloné que si elle est éteinte. Un instantané le peut toujours.',
  },

  delete: {
    title: (name) => `Supprimer ${name} ?`,
    text: 'Elle va à la corbeille, d’où on peut la restaurer tant qu’elle n’y est pas effacée.',
    size: (bytes) => `${bytes} vont à la corbeille`,
    frees: (bytes) => `L’effacer plus tard libère ${bytes}`,
    files: (count) => `Les ${count} fichiers`,
    file: 'Le seul fichier',
    stays: 'Reste où il est',
    label: 'Supprimer',
  },

  start: {
    title: (name) => `Déverrouiller ${name}`,
    text: 'Ses disques sont chiffrés. La phrase secrète est demandée à chaque démarrage.',
    label: 'Démarrer',
  },
  passphrase: {
    label: 'Phrase secrète',
    again: 'La même encore une fois',
    differ: 'Les deux sont différentes.',
    short: 'Au moins 8 caractères. Quelques mots sans rapport entre eux conviennent bien.',
    show: 'Afficher',
    hide: 'Masquer',
  },
  encryption: {
    title: 'Chiffrement',
    off: 'Les disques ne sont pas chiffrés',
    offAbout: 'Quiconque a le disque de ce PC peut lire leur contenu.',
    on: 'Les disques sont chiffrés',
    holders: {
      passphrase: 'La phrase secrète est demandée à chaque démarrage.',
      keyring: 'Le trousseau de votre bureau garde la phrase secrète.',
      tpm: 'Le TPM de ce PC les ouvre, et la phrase secrète ailleurs.',
    },
    encrypt: 'Chiffrer…',
    decrypt: 'Déchiffrer…',
    encryptTitle: (name) => `Chiffrer les disques de ${name}`,
    encryptText:
      'Tous les disques sont réécrits, ce qui prend un moment. Personne ne les ouvre sans la phrase secrète, pas même nous : gardez-la.',
    encryptLabel: 'Chiffrer',
    holder: 'Qui les ouvre au démarrage',
    holderNames: {
      passphrase: 'Vous, chaque fois',
      keyring: 'Le trousseau de votre bureau',
      tpm: 'Le TPM de ce PC',
    },
    decryptTitle: (name) => `Déchiffrer les disques de ${name} ?`,
    decryptText:
      'Tous les disques sont réécrits sans chiffrement. Quiconque a le disque de ce PC peut alors les lire.',
    decryptLabel: 'Déchiffrer',
    passphraseIfAsked: 'Nécessaire seulement si personne d’autre ne la garde.',
  },
};
