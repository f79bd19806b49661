// SPDX-License-Identifier: Apache-2.0
//
// Whatever people answer arrives as they typed it, and is never anything but an answer: each format is read by a parser
// of that format.
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Answers } from './answers.ts';
import { autoinstall } from './autoinstall.ts';
import { autounattend } from './autounattend.ts';
import { cloudInit } from './cloud-init.ts';
import { ignition } from './ignition.ts';
import { kickstart } from './kickstart.ts';
import { preseed } from './preseed.ts';
import { agama, autoyast } from './suse.ts';
import { anyAnswers, someAnswers, someFacts } from './testing.ts';

const withoutEncryption = (answers: Answers): Answers => ({ ...answers, passphrase: null });
const fileOf = ({ files }: { files: Readonly<Record<string, string>> }, name: string): string =>
  files[name] ?? '';

/** Each element with text by its path, in the order of the file; throws for what is not well-formed. */
function readXml(text: string): [path: string, text: string][] {
  const found: [string, string][] = [];
  const path: string[] = [];
  const texts: string[] = [];
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name }) => {
    path.push(name);
    texts.push('');
  });
  parser.on('text', (more) => texts.push((texts.pop() ?? '') + more));
  parser.on('closetag', () => {
    found.push([path.join('/'), texts.pop() ?? '']);
    path.pop();
  });
  parser.write(text).close();
  return found;
}
const valuesAt = (xml: [string, string][], end: string): string[] =>
  xml.filter(([path]) => path.endsWith(end)).map(([, text]) => text);

test('cloud-init: data of a YAML file', () => {
  fc.assert(
    fc.property(anyAnswers, (answers) => {
      const text = fileOf(cloudInit(withoutEncryption(answers), someFacts), 'user-data');
      expect(text.split('\n')[0]).toBe('#cloud-config');
      const { users, ...others } = parse(text) as { users: Record<string, unknown>[] };
      expect(Object.keys(others)).toEqual([
        'hostname',
        'locale',
        'timezone',
        'keyboard',
        'ssh_pwauth',
        'bootcmd',
        'runcmd',
      ]);
      expect(users).toEqual([
        {
          name: 'ada',
          gecos: answers.user.fullName,
          shell: '/bin/bash',
          lock_passwd: false,
          passwd: '$6$salt$hash',
          ssh_authorized_keys: answers.user.sshKeys,
          sudo: 'ALL=(ALL) ALL',
        },
      ]);
    }),
    { numRuns: 100 },
  );
});

test('autoinstall: data of a YAML file', () => {
  fc.assert(
    fc.property(anyAnswers, (answers) => {
      const { autoinstall: read } = parse(fileOf(autoinstall(answers, someFacts), 'user-data')) as {
        autoinstall: Record<string, Record<string, unknown>>;
      };
      expect(read['identity']?.['realname']).toBe(answers.user.fullName);
      expect(read['storage']).toEqual({ layout: { name: 'lvm', password: answers.passphrase } });
      expect(read['ssh']?.['authorized-keys']).toEqual(answers.user.sshKeys);
    }),
    { numRuns: 100 },
  );
});

test('Agama and Ignition: data of a JSON file', () => {
  fc.assert(
    fc.property(anyAnswers, (answers) => {
      const profile = JSON.parse(fileOf(agama(answers, someFacts), 'autoinst.json')) as Record<
        string,
        unknown
      >;
      expect(profile).toMatchObject({
        user: { fullName: answers.user.fullName, password: '$6$salt$hash', hashedPassword: true },
        storage: {
          drives: [
            { partitions: [{}, { generate: { encryption: { luks2: { password: answers.passphrase } } } }] },
          ],
        },
      });
      const config: unknown = JSON.parse(
        fileOf(ignition(withoutEncryption(answers), someFacts), 'ignition/config.ign'),
      );
      expect(config).toMatchObject({
        passwd: { users: [{ gecos: answers.user.fullName, sshAuthorizedKeys: answers.user.sshKeys }] },
      });
    }),
    { numRuns: 100 },
  );
});

test('AutoYaST and autounattend.xml: text of an XML file, and no element more', () => {
  const paths = (xml: [string, string][]) => xml.map(([path]) => path);
  const yast = (answers: Answers) => readXml(fileOf(autoyast(answers, someFacts), 'autoinst.xml'));
  const windows = (answers: Answers) => readXml(fileOf(autounattend(answers, someFacts), 'autounattend.xml'));
  const usualYast = paths(yast({ ...someAnswers, passphrase: 'usual one' }));
  const usualWindows = paths(windows({ ...someAnswers, edition: 'usual' }));
  fc.assert(
    fc.property(anyAnswers, (answers) => {
      const read = yast(answers);
      expect(paths(read)).toEqual(usualYast);
      expect(valuesAt(read, '/fullname')).toEqual([answers.user.fullName]);
      expect(valuesAt(read, '/crypt_key')).toEqual([answers.passphrase]);
      expect(valuesAt(read, '/listentry')).toEqual(answers.user.sshKeys);
      const unattend = windows(withoutEncryption(answers));
      expect(paths(unattend)).toEqual(usualWindows);
      expect(valuesAt(unattend, '/DisplayName')).toEqual([answers.user.fullName]);
      expect(valuesAt(unattend, 'MetaData/Value')).toEqual([answers.edition]);
      const [hidden = ''] = valuesAt(unattend, 'LocalAccount/Password/Value');
      expect(Buffer.from(hidden, 'base64').toString('utf16le')).toBe(`${answers.password}Password`);
    }),
    { numRuns: 100 },
  );
});

test('kickstart: words of a line, as a shell takes them apart', () => {
  fc.assert(
    fc.property(anyAnswers, (answers) => {
      const lines = fileOf(kickstart(answers, someFacts), 'ks.cfg').split('\n');
      expect(lines.length).toBe(fileOf(kickstart(someAnswers, someFacts), 'ks.cfg').split('\n').length);
      const wordsOf = (begin: string): string[] => {
        const line = lines.find((found) => found.startsWith(begin)) ?? '';
        // A real shell, whose only command is to print what it was given.
        return execFileSync('sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' })
          .split('\0')
          .slice(0, -1);
      };
      expect(wordsOf('user ')).toEqual([
        'user',
        '--name=ada',
        '--groups=wheel',
        `--gecos=${answers.user.fullName}`,
        '--iscrypted',
        '--password=$6$salt$hash',
      ]);
      expect(wordsOf('sshkey ')).toEqual(['sshkey', '--username=ada', ...answers.user.sshKeys]);
      expect(wordsOf('autopart ').at(-1)).toBe(`--passphrase=${answers.passphrase}`);
    }),
    { numRuns: 25 },
  );
});

/** As Debian's installer reads a line: owner, question and type, then the value to its end. */
function readPreseed(text: string): Map<string, string> {
  const lines = text.split('\n').filter((line) => line !== '');
  return new Map(
    lines.map((line) => {
      const [, question = '', value = ''] = /^d-i[ \t]+(\S+)[ \t]+\S+(?:[ \t]+(.*))?$/s.exec(line) ?? [];
      if (question === '' || line.endsWith('\\')) throw new Error(line);
      return [question, value];
    }),
  );
}

test('preseed: values of a line, and no line more', () => {
  const usual = [
    ...readPreseed(
      fileOf(preseed({ ...someAnswers, passphrase: 'usual one' }, someFacts), 'preseed.cfg'),
    ).keys(),
  ];
  fc.assert(
    fc.property(anyAnswers, (answers) => {
      const passphrase = (answers.passphrase ?? '').replaceAll(/^\s+|[\s\\]+$/g, '');
      const read = readPreseed(fileOf(preseed({ ...answers, passphrase }, someFacts), 'preseed.cfg'));
      expect([...read.keys()]).toEqual(usual);
      expect(read.get('partman-crypto/passphrase')).toBe(passphrase);
      expect(read.get('passwd/user-fullname')).toBe(answers.user.fullName.replaceAll(/[\s\\]+$/g, '').trim());
    }),
    { numRuns: 200 },
  );
});

test.each(['ends with it\\', ' begins so', 'ends so '])('preseed has no way to say "%s"', (passphrase) => {
  expect(() => preseed({ ...someAnswers, passphrase }, someFacts)).toThrow(
    /Debian's installer takes no passphrase/,
  );
});

test('what cannot be told is refused, not left out', () => {
  const encrypted = { ...someAnswers, passphrase: 'long enough' };
  for (const template of [cloudInit, ignition, autounattend])
    expect(() => template(encrypted, someFacts)).toThrow(/cannot be told to encrypt/);
  expect(() => autounattend({ ...someAnswers, password: null }, someFacts)).toThrow(/needs a password/);
});

test('no secret is on a command line', () => {
  const answers = { ...someAnswers, passphrase: 'the passphrase' };
  for (const template of [preseed, autoinstall, kickstart, autoyast, agama]) {
    const { commandLine } = template(answers, someFacts);
    expect(commandLine).not.toMatch(/passphrase|secret|hash/);
  }
});
