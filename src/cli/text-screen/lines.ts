// SPDX-License-Identifier: Apache-2.0
//
// The text screen as lines: what runs, where the page is, what can be pressed. Pure.
import { plain, type Output } from '../terminal/output.ts';
import type { ScreenFacts } from './facts.ts';

export interface ScreenKey {
  key: string;
  words: string;
}

type Row = readonly [title: string, texts: readonly string[]];

/** Which keys do something now, in the order in which they are shown. */
export function screenKeys({ os, access, away }: ScreenFacts): ScreenKey[] {
  const live = os?.image?.live === true;
  return [
    {
      key: 'p',
      words: access?.password == null ? 'Set a password for the page' : 'Change the password of the page',
    },
    { key: 'n', words: 'Network' },
    ...(live ? [{ key: 'i', words: 'Install to this PC' }] : []),
    { key: 'l', words: 'Log of the service' },
    { key: 'r', words: 'Restart' },
    { key: 'o', words: 'Power off' },
  ].filter(({ key }) => away === null || ['l', 'r', 'o'].includes(key));
}

/** @param width columns of the screen @param height rows of it; what does not fit is left out at the end of lists */
export function screenLines(
  facts: ScreenFacts,
  { style }: Pick<Output, 'style'>,
  { width, height }: { width: number; height: number },
): string[] {
  const { os, away } = facts;
  const image = os?.image ?? null;
  const name = facts.network?.hostName ?? '';
  const title = image === null ? 'Phyllome' : `Phyllome OS ${image.version}, ${image.edition}`;
  const head = cut(name === '' ? title : `${title} on ${name}`, width);
  const body = away === null ? rows(facts) : [[`The service does not answer yet: ${away}`]].map(awayRow);
  const keys = screenKeys(facts).map(({ key, words }) => `${style('bold', key)}  ${words}`);
  const room = Math.max(4, height - keys.length - 5);
  const content = body.flatMap(([label, texts]) =>
    texts.map((text, index) => cut(`${(index === 0 ? label : '').padEnd(13)} ${plain(text)}`, width)),
  );
  const shown = content.length <= room ? content : [...content.slice(0, room - 1), '...'];
  const live =
    image?.live === true
      ? [
          style(
            'yellow',
            cut('This is a live system: nothing is kept. Press i to install it to this PC.', width),
          ),
        ]
      : [];
  return [style('bold', head), '-'.repeat(Math.min(width, 78)), ...live, ...shown, '', ...keys];
}

const awayRow = (texts: string[]): Row => ['', texts];

function rows(facts: ScreenFacts): Row[] {
  const { os, tasks } = facts;
  const notice = os?.notice;
  return [
    ...pageRows(facts),
    machineRow(facts),
    ...networkRows(facts),
    ...(tasks.length === 0
      ? []
      : [['Now', tasks.map(({ what, fraction }) => `${what}${percent(fraction)}`)] as const]),
    ...(notice == null ? [] : [['Notice', [notice.text]] as const]),
  ];
}

function pageRows({ access }: ScreenFacts): Row[] {
  if (access === null) return [];
  const { password, network } = access;
  if (password === null)
    return [['The page', ['is not on the network: it has no password yet. Press p to set one.']]];
  if (!network.on) return [['The page', ['is not on the network; "phyllome access on" puts it there.']]];
  if (!network.listening) return [['The page', [network.problem?.message ?? 'is not on the network yet.']]];
  const fingerprint = network.certificate?.fingerprint ?? '';
  // Two lines: it has 95 characters, and is compared by eye.
  const half = fingerprint.slice(0, 48);
  return [
    ['The page', network.addresses.length === 0 ? ['waits for a network'] : network.addresses],
    ...(fingerprint === '' ? [] : [['Certificate', [half, fingerprint.slice(48)]] as const]),
  ];
}

function machineRow({ machines }: ScreenFacts): Row {
  const running = machines.filter(({ state }) => state.name === 'running').map(({ name }) => name);
  const count = machines.length === 1 ? '1 machine' : `${machines.length} machines`;
  if (machines.length === 0) return ['Machines', ['none yet']];
  return [
    'Machines',
    [running.length === 0 ? `${count}, none runs` : `${running.join(', ')} run (of ${count})`],
  ];
}

function networkRows({ network }: ScreenFacts): Row[] {
  if (network === null) return [];
  const devices = network.devices.filter(({ kind }) => kind !== 'other');
  if (devices.length === 0) return [['Network', ['this PC has no network device']]];
  return [
    [
      'Network',
      devices.map(({ name, state, addresses, wifi }) => {
        const where = wifi === null ? '' : ` (${wifi.name})`;
        return `${name}${where}: ${addresses.length > 0 ? addresses.join(', ') : state}`;
      }),
    ],
  ];
}

const percent = (fraction: number | null): string =>
  fraction === null ? '' : ` ${Math.floor(fraction * 100)} %`;

const cut = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, Math.max(0, width - 3))}...`;
