// SPDX-License-Identifier: Apache-2.0
//
// The answer file of Windows against what Microsoft documents of it ("Unattended Windows Setup Reference"): passes in their
// order, components with the passes they are valid in, their settings, what a setting may hold.
import { describe, expect, test } from 'vitest';
import type { Architecture } from '../../contract/machine.ts';
import { elements, readXml, textOf, type Element } from '../osinfo/xml.ts';
import type { Answers } from './answers.ts';
import { autounattend } from './autounattend.ts';
import { someAnswers, someFacts } from './testing.ts';

// https://learn.microsoft.com/windows-hardware/manufacture/desktop/how-configuration-passes-work
const passes = [
  'windowsPE',
  'offlineServicing',
  'generalize',
  'specialize',
  'auditSystem',
  'auditUser',
  'oobeSystem',
];

type Value = RegExp | Settings;
interface Settings {
  [name: string]: Value;
}
/** A list: its items carry wcm:action="add", and an Order that counts from 1 where they have one. */
const items = (name: string, settings: Settings): Settings => ({ [`${name}*`]: settings });

const truth = /^(?:true|false)$/;
const number = /^\d+$/;
const text = /\S/;
const language = /^[a-z]{2,3}-[A-Z]{2}$/;
const languages: Settings = {
  InputLocale: /^(?:[0-9a-f]{4}:[0-9a-f]{8}|[a-z]{2,3}-[A-Z]{2})$/i,
  SystemLocale: language,
  UILanguage: language,
  UserLocale: language,
};
const showUi = /^(?:Always|OnError|Never)$/;
const password: Settings = { PlainText: truth, Value: text };
const run = items('RunSynchronousCommand', { Order: number, Path: /^.{1,259}$/ });

// Component (without "Microsoft-Windows-") -> passes it is valid in, and the settings of it that we may use.
const components: Record<string, { passes: string[]; settings: Settings }> = {
  'International-Core-WinPE': {
    passes: ['windowsPE'],
    settings: { ...languages, SetupUILanguage: { UILanguage: language, WillShowUI: showUi } },
  },
  'International-Core': { passes: ['specialize', 'oobeSystem'], settings: languages },
  PnpCustomizationsWinPE: {
    passes: ['windowsPE'],
    settings: { DriverPaths: items('PathAndCredentials', { Path: /^[A-Z]:\\/ }) },
  },
  Setup: {
    passes: ['windowsPE'],
    settings: {
      DiskConfiguration: {
        WillShowUI: showUi,
        ...items('Disk', {
          DiskID: number,
          WillWipeDisk: truth,
          CreatePartitions: items('CreatePartition', {
            Order: number,
            Type: /^(?:Primary|EFI|Extended|Logical|MSR)$/,
            Size: number,
            Extend: truth,
          }),
          ModifyPartitions: items('ModifyPartition', {
            Order: number,
            PartitionID: number,
            Active: truth,
            Format: /^(?:NTFS|FAT32)$/,
            Label: /^.{1,32}$/,
            Letter: /^[C-Z]$/,
          }),
        }),
      },
      ImageInstall: {
        OSImage: {
          InstallFrom: items('MetaData', { Key: /^\/IMAGE\/(?:INDEX|NAME|DESCRIPTION)$/, Value: text }),
          InstallTo: { DiskID: number, PartitionID: number },
        },
      },
      RunSynchronous: run,
      UserData: {
        AcceptEula: truth,
        FullName: text,
        ProductKey: { Key: /^(?:[A-Z0-9]{5}-){4}[A-Z0-9]{5}$/, WillShowUI: showUi },
      },
    },
  },
  Deployment: { passes: ['specialize', 'auditUser'], settings: { RunSynchronous: run } },
  'Shell-Setup': {
    passes: ['generalize', 'specialize', 'auditSystem', 'auditUser', 'oobeSystem'],
    settings: {
      ComputerName: /^[A-Za-z0-9-]{1,15}$/,
      TimeZone: text,
      AutoLogon: { Enabled: truth, LogonCount: number, Username: text, Password: password },
      FirstLogonCommands: items('SynchronousCommand', { CommandLine: /^.{1,1024}$/, Order: number }),
      OOBE: {
        HideEULAPage: truth,
        HideOEMRegistrationScreen: truth,
        HideOnlineAccountScreens: truth,
        HideWirelessSetupInOOBE: truth,
        ProtectYourPC: /^[123]$/,
      },
      UserAccounts: {
        LocalAccounts: items('LocalAccount', {
          DisplayName: text,
          Group: text,
          Name: text,
          Password: password,
        }),
      },
    },
  },
};
// Of Shell-Setup each setting is valid in some passes only.
const onlyIn: Record<string, string> = {
  ComputerName: 'specialize',
  AutoLogon: 'oobeSystem',
  FirstLogonCommands: 'oobeSystem',
  OOBE: 'oobeSystem',
  UserAccounts: 'oobeSystem',
};

/** What is not as documented, in sentences. */
function problemsOf(document: string): string[] {
  const problems: string[] = [];
  const say = (where: string, what: string): void => void problems.push(`${where}: ${what}`);
  const [root, ...others] = readXml(document).children;
  if (root?.name !== 'unattend' || others.length > 0) return ['the root is not unattend'];
  if (root.attributes['xmlns'] !== 'urn:schemas-microsoft-com:unattend') say('unattend', 'its namespace');
  const settings = elements(root, 'settings');
  if (settings.length !== root.children.length) say('unattend', 'holds something else than settings');
  const order = settings.map(({ attributes }) => passes.indexOf(attributes['pass'] ?? ''));
  if (order.includes(-1) || order.some((place, index) => index > 0 && place <= (order[index - 1] ?? -1)))
    say('unattend', 'unknown passes, or one twice, or in another order');
  for (const { attributes, children } of settings) {
    const pass = attributes['pass'] ?? '';
    const seen = new Set<string>();
    for (const component of children) {
      const name = (component.attributes['name'] ?? '').replace('Microsoft-Windows-', '');
      const where = `${pass}/${name}`;
      const known = components[name];
      if (component.name !== 'component' || known === undefined || seen.has(name)) {
        say(where, 'is no component, or is there twice');
        continue;
      }
      seen.add(name);
      if (!known.passes.includes(pass)) say(where, 'is not valid in this pass');
      const { processorArchitecture, publicKeyToken, language: neutral, versionScope } = component.attributes;
      if (!/^(?:amd64|arm64|x86)$/.test(processorArchitecture ?? '')) say(where, 'its architecture');
      if (publicKeyToken !== '31bf3856ad364e35' || neutral !== 'neutral' || versionScope !== 'nonSxS')
        say(where, 'its identity');
      for (const setting of component.children)
        if ((onlyIn[setting.name] ?? pass) !== pass)
          say(`${where}/${setting.name}`, 'is not valid in this pass');
      check(component, known.settings, where, say);
    }
  }
  return problems;
}

function check(
  element: Element,
  settings: Settings,
  where: string,
  say: (where: string, what: string) => void,
): void {
  const counts = new Map<string, number>();
  for (const child of element.children) {
    const here = `${where}/${child.name}`;
    const count = (counts.get(child.name) ?? 0) + 1;
    counts.set(child.name, count);
    const list = settings[`${child.name}*`];
    const value = list ?? settings[child.name];
    if (value === undefined) say(here, 'is not documented');
    else if (value instanceof RegExp) {
      if (child.children.length > 0 || !value.test(child.text)) say(here, `cannot be "${child.text}"`);
      if (count > 1) say(here, 'is there twice');
    } else {
      if (child.text.trim() !== '') say(here, 'holds text');
      check(child, value, here, say);
      if (list === undefined && count > 1) say(here, 'is there twice');
      if (list !== undefined && child.attributes['wcm:action'] !== 'add') say(here, 'is not added');
      const order = textOf(child, 'Order');
      if (list !== undefined && order !== '' && order !== String(count))
        say(here, `is number ${count}, not ${order}`);
    }
  }
}

const fileFor = (
  answers: Partial<Answers>,
  guestOs: string,
  firmware: 'uefi' | 'bios',
  architecture: Architecture,
) =>
  autounattend({ ...someAnswers, ...answers }, { ...someFacts, guestOs, firmware, architecture }).files[
    'autounattend.xml'
  ]?.toString() ?? '';

describe('the answer file has the structure that Microsoft documents', () => {
  test.each([
    ['win11', 'uefi', 'x86_64', {}],
    ['win11', 'uefi', 'aarch64', {}],
    ['win10', 'bios', 'x86_64', { edition: 'Windows 10 Home' }],
    ['win2k25', 'uefi', 'x86_64', { productKey: 'AAAAA-BBBBB-CCCCC-DDDDD-EEEEE' }],
    ['win2k19', 'bios', 'x86_64', { hostname: 'a-name-that-is-longer-than-fifteen' }],
  ] as const)('%s, %s, %s', (guestOs, firmware, architecture, answers) => {
    expect(problemsOf(fileFor(answers, guestOs, firmware, architecture))).toEqual([]);
  });

  const good = fileFor({}, 'win11', 'uefi', 'x86_64');
  test.each([
    ['a pass that there is not', (file: string) => file.replace('pass="specialize"', 'pass="special"')],
    ['a setting that there is not', (file: string) => file.replaceAll('WillWipeDisk', 'WipeDisk')],
    [
      'a component in the wrong pass',
      (file: string) => file.replaceAll('International-Core-WinPE', 'Deployment'),
    ],
    ['a value that is none', (file: string) => file.replace('<Type>EFI</Type>', '<Type>Efi</Type>')],
    ['an order with a gap', (file: string) => file.replace('<Order>2</Order>', '<Order>4</Order>')],
    ['an item that is not added', (file: string) => file.replace(' wcm:action="add"', '')],
  ])('and another one would be found: %s', (_what, spoil) => {
    expect(spoil(good)).not.toBe(good);
    expect(problemsOf(spoil(good))).not.toEqual([]);
  });
});
