// SPDX-License-Identifier: Apache-2.0
//
// The words of the pages that need no script, in both languages. They are HTML of ours: nothing from outside is put in.
import type { PageLanguage } from './language.ts';

export interface PageWords {
  unbuilt: { title: string; text: string };
  deadLink: { title: string; text: string };
  signIn: {
    title: string;
    /** Above the field */
    about: string;
    password: string;
    submit: string;
    /** For whoever has a terminal of this PC */
    link: string;
    forgotten: string;
    none: { title: string; text: string };
    wrong: string;
    wait(seconds: number): string;
    /** The file that holds the password is damaged */
    damaged: string;
    failed: string;
  };
}

const en: PageWords = {
  unbuilt: {
    title: 'The page is not built yet',
    text: 'Run <code>phyllome setup</code> in a terminal, then load this page again. The command line and the <a href="/api/v1/openapi.json">API</a> work without it.',
  },
  deadLink: {
    title: 'This link no longer works',
    text: 'A link signs in one browser, once, within five minutes. Run <code>phyllome open</code> in a terminal for another one, or <a href="/">sign in with the password</a>.',
  },
  signIn: {
    title: 'Sign in',
    about: 'Your machines are behind this password.',
    password: 'Password',
    submit: 'Sign in',
    link: 'In a terminal of this PC, <code>phyllome open</code> prints a link that signs this browser in without it.',
    forgotten: 'Forgotten? <code>phyllome access password</code>, on the PC itself, sets another one.',
    none: {
      title: 'You are not signed in',
      text: 'Run <code>phyllome open</code> in a terminal. It prints a link that signs this browser in.',
    },
    wrong: 'That is not the password.',
    wait: (seconds) =>
      `There were too many wrong passwords. Wait ${seconds === 1 ? 'a second' : `${seconds} seconds`}, then try again.`,
    damaged:
      'The file that holds the password is damaged. <code>phyllome access password</code>, on the PC itself, repairs it.',
    failed: 'Signing in did not work. The log of the service says why.',
  },
};

const fr: PageWords = {
  unbuilt: {
    title: 'La page n’est pas encore construite',
    text: 'Lancez <code>phyllome setup</code> dans un terminal, puis rechargez cette page. La ligne de commande et l’<a href="/api/v1/openapi.json">API</a> fonctionnent sans elle.',
  },
  deadLink: {
    title: 'Ce lien ne fonctionne plus',
    text: 'Un lien connecte un navigateur, une seule fois, dans les cinq minutes. Lancez <code>phyllome open</code> dans un terminal pour en obtenir un autre, ou <a href="/">connectez-vous avec le mot de passe</a>.',
  },
  signIn: {
    title: 'Connexion',
    about: 'Vos machines sont derrière ce mot de passe.',
    password: 'Mot de passe',
    submit: 'Se connecter',
    link: 'Dans un terminal de ce PC, <code>phyllome open</code> affiche un lien qui connecte ce navigateur sans lui.',
    forgotten: 'Oublié ? <code>phyllome access password</code>, sur le PC lui-même, en définit un autre.',
    none: {
      title: 'Vous n’êtes pas connecté',
      text: 'Lancez <code>phyllome open</code> dans un terminal. La commande affiche un lien qui connecte ce navigateur.',
    },
    wrong: 'Ce n’est pas le mot de passe.',
    wait: (seconds) =>
      `Il y a eu trop de mots de passe erronés. Attendez ${seconds === 1 ? 'une seconde' : `${seconds} secondes`}, puis réessayez.`,
    damaged:
      'Le fichier qui contient le mot de passe est endommagé. <code>phyllome access password</code>, sur le PC lui-même, le répare.',
    failed: 'La connexion a échoué. Le journal du service dit pourquoi.',
  },
};

export const pageWords: Readonly<Record<PageLanguage, PageWords>> = { en, fr };
