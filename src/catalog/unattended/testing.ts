// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import type { Answers } from './answers.ts';
import type { PreseedFacts } from './preseed.ts';

export const someFacts: PreseedFacts = {
  architecture: 'x86_64',
  firmware: 'uefi',
  disk: '/dev/vda',
  guestOs: 'win11',
  mirror: { host: 'mirror.example', directory: '/debian', security: null },
};

export const someAnswers: Answers = {
  user: { name: 'ada', fullName: 'Ada', passwordHash: '$6$salt$hash', sshKeys: ['ssh-ed25519 AAAA ada'] },
  hostname: 'box',
  locale: 'fr_FR',
  keyboard: { layout: 'ch', variant: 'fr' },
  timezone: 'Europe/Paris',
  desktop: false,
  passphrase: null,
  password: 'secret',
  productKey: null,
  edition: null,
};

// Half of them are plain ones. (Strings of the unit "binary" would take seconds to generate.)
const anyCharacter = fc
  .oneof(fc.integer({ min: 0x20, max: 0xff }), fc.integer({ min: 0x20, max: 0x10ffff }))
  .map((code) => String.fromCodePoint(code >= 0xd800 && code <= 0xdfff ? 0x20 : code));

/** Whatever the schema of the answers lets through: no control characters, everything else. */
const anyLine = (minLength: number, maxLength: number) =>
  fc
    .array(
      fc.oneof(
        { weight: 3, arbitrary: anyCharacter },
        {
          weight: 2,
          arbitrary: fc.constantFrom(
            '"',
            "'",
            '\\',
            '$HOME',
            '$(id)',
            '`id`',
            '<b>',
            '&amp;',
            ']]>',
            '#',
            ': ',
            '- ',
            '{',
            '%end',
            '|',
            '!',
            '*',
            '\u2028',
            'é',
            '😀',
            '~',
            'null',
            '---',
            '@phyllome@ installed',
            ' ',
          ),
        },
      ),
      { maxLength: 12 },
    )
    .map((parts) =>
      parts
        .join('')
        // The schema refuses these.
        .replaceAll(/\p{Cc}/gu, '')
        .slice(0, maxLength),
    )
    .filter((text) => text.length >= minLength && text.isWellFormed());

/** Answers whose free texts are anything. */
export const anyAnswers = fc
  .record({
    fullName: anyLine(1, 100),
    passphrase: anyLine(8, 200),
    comment: anyLine(0, 60),
    edition: anyLine(1, 60),
  })
  .map(({ fullName, passphrase, comment, edition }): Answers => ({
    ...someAnswers,
    user: { ...someAnswers.user, fullName, sshKeys: [`ssh-ed25519 AAAA ${comment}`] },
    passphrase,
    password: passphrase,
    edition,
  }));
