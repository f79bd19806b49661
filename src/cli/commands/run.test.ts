// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { parseDefinition } from '../../contract/definition.ts';
import { someId, someMachine } from '../testing.ts';
import { reachLines } from './run.ts';

const defined = (changes: object) => {
  const definition = {
    formatVersion: 1,
    id: someId,
    name: 'x',
    architecture: 'x86_64',
    memory: '1GiB',
    boot: { type: 'bios' },
    ...changes,
  };
  return someMachine({ name: "it's", definition: parseDefinition(definition) });
};

test('says how to reach a machine, its forwarded ports included', () => {
  const forwards = [
    { hostPort: 2222, guestPort: 22 },
    { hostPort: 53, guestPort: 5353, protocol: 'udp', hostAddress: '0.0.0.0' },
  ];
  expect(reachLines(defined({ nics: [{ type: 'user', forwards }] }))).toEqual([
    "it's is running and ready.",
    String.raw`  Talk to it:    phyllome console 'it'\''s'`,
    String.raw`  See it:        phyllome screenshot 'it'\''s'`,
    '  Port:          127.0.0.1:2222 here is port 22 (tcp) of the guest',
    '  Port:          0.0.0.0:53 here is port 5353 (udp) of the guest',
    String.raw`  Power it off:  phyllome stop 'it'\''s'`,
  ]);
});

test('does not name ways that the machine does not have', () => {
  expect(reachLines(defined({ serialPorts: 0, display: { type: 'none' }, agent: false }))).toEqual([
    "it's is running; it has no agent that could say when it is ready.",
    String.raw`  Power it off:  phyllome stop 'it'\''s'`,
  ]);
});
