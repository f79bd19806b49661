// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { AccessStatus } from '../../contract/access.ts';
import type { NetworkStatus } from '../../contract/network.ts';
import type { OsStatus } from '../../contract/os.ts';
import { someMachine } from '../testing.ts';
import type { ScreenFacts } from './facts.ts';
import { screenKeys, screenLines } from './lines.ts';

const output = { style: (_style: string, text: string) => text };
const size = { width: 80, height: 24 };
const fingerprint = Array.from({ length: 32 }, (_, index) => (index + 160).toString(16).toUpperCase()).join(
  ':',
);

const access = {
  password: { setAt: '' },
  network: {
    on: true,
    listening: true,
    problem: null,
    port: 7443,
    names: [],
    addresses: ['https://192.168.1.5:7443'],
    certificate: { own: false, fingerprint, until: '', names: [] },
  },
  sessions: [],
} satisfies AccessStatus;
const network = {
  hostName: 'attic',
  devices: [{ name: 'enp1s0', kind: 'wired', state: 'connected', addresses: ['192.168.1.5/24'], wifi: null }],
} as unknown as NetworkStatus;
const image = (live: boolean): OsStatus =>
  ({ image: { edition: 'headless', version: '3', live }, notice: null }) as unknown as OsStatus;
const facts: ScreenFacts = { away: null, os: image(false), access, network, machines: [], tasks: [] };

test('it says where the page is and how its certificate is known, whole', () => {
  const running = someMachine({ name: 'debian', state: { name: 'running', since: '', ready: true } });
  const lines = screenLines({ ...facts, machines: [running, someMachine()] }, output, size);
  expect(lines[0]).toBe('Phyllome OS 3, headless on attic');
  expect(lines).toContain('The page      https://192.168.1.5:7443');
  expect(lines.map((line) => line.slice(14)).join('')).toContain(fingerprint);
  expect(lines).toContain('Machines      debian run (of 2 machines)');
  expect(lines).toContain('Network       enp1s0: 192.168.1.5/24');
});

test('before there is a password it says which key sets one', () => {
  const lines = screenLines({ ...facts, access: { ...access, password: null } }, output, size);
  expect(lines.join('\n')).toMatch(/no password yet. Press p/);
});

test('only a live system can be installed', () => {
  const keys = (live: boolean) => screenKeys({ ...facts, os: image(live) }).map(({ key }) => key);
  expect(keys(true)).toContain('i');
  expect(keys(false)).not.toContain('i');
});

test('a service that is away is said, with what works without it', () => {
  const away: ScreenFacts = { ...facts, away: 'nobody listens', os: null, access: null, network: null };
  expect(screenLines(away, output, size).join('\n')).toContain('nobody listens');
  expect(screenKeys(away).map(({ key }) => key)).toEqual(['l', 'r', 'o']);
});

test('it fits its screen, whatever is shown, and nothing in it commands the terminal', () => {
  const addresses = Array.from(
    { length: 40 },
    (_, index) => `https://10.0.0.${index}:7443/${'x'.repeat(90)}`,
  );
  const many = { ...access, network: { ...access.network, addresses } };
  const evil = someMachine({ name: 'a\u001b[2Jb', state: { name: 'running', since: '', ready: true } });
  const lines = screenLines({ ...facts, access: many, machines: [evil] }, output, size);
  expect(lines.length).toBeLessThanOrEqual(size.height);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(size.width);
  expect(lines.join('')).not.toContain('\u001b');
});
