// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import type { Budget } from '../../contract/budget.ts';
import { fakeService, phyllome } from '../testing.ts';
import { budgetLines } from './budget.ts';

const MiB = 2 ** 20;
const GiB = 2 ** 30;
const claim = (machineName: string, memoryBytes: number, vcpus = 2) => ({
  machineId: machineName,
  machineName,
  vcpus,
  memoryBytes,
  overheadBytes: 128 * MiB,
});

function shown(changes: Partial<Budget> = {}): Budget {
  return {
    host: { vcpus: 4, memoryBytes: 8 * GiB },
    threadsPerCore: 2,
    reserve: { vcpus: 1, memoryBytes: GiB },
    guests: { vcpus: 3, memoryBytes: 7 * GiB },
    claims: [],
    free: { vcpus: 3, memoryBytes: 6 * GiB },
    recommended: { vcpus: 2, memoryBytes: 2 * GiB },
    enforcement: 'The kernel holds it',
    ...changes,
  };
}

const text = (budget: Budget) => budgetLines(budget, { style: (_, words) => words }).join('\n');

describe('the picture', () => {
  test('of an empty PC', () => {
    expect(text(shown())).toBe(`Memory: 8 GiB
  ▒▒▒▒▒▒▒▒····················································
  ▒  this PC  1 GiB  kept
  ·  free     7 GiB  the next machine may have 6 GiB

Processors: 4 threads
  This PC keeps 1 thread; all guests together share 3.
  A machine may have 3 processors at most.

How it is held
  The kernel holds it.`);
  });

  test('with machines, whose names command no terminal', () => {
    const claims = [claim('web', 2 * GiB), claim('evil\u001b[2J', 4 * GiB)];
    expect(text(shown({ claims, free: { vcpus: 3, memoryBytes: 0 } }))).toBe(String.raw`Memory: 8 GiB
  ▒▒▒▒▒▒▒▒████████████████▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓······
  ▒  this PC        1 GiB  kept
  █  web          2.1 GiB  2 GiB for the guest, 128 MiB for its VMM; 2 processors
  ▓  evil\x1b[2J  4.1 GiB  4 GiB for the guest, 128 MiB for its VMM; 2 processors
  ·  free         768 MiB  too little for another machine

Processors: 4 threads
  This PC keeps 1 thread; all guests together share 3.
  A machine may have 3 processors at most.
  The machines that run have 4 and take turns.

How it is held
  The kernel holds it.`);
  });

  test('has its width, also when more runs than there is room for', () => {
    const claims = Array.from({ length: 12 }, (_, index) => claim(`m${index}`, 4 * GiB));
    for (const budget of [shown(), shown({ claims }), shown({ claims: claims.slice(0, 1) })]) {
      const bar = text(budget).split('\n')[1] ?? '';
      expect(bar.trim()).toHaveLength(60);
    }
  });
});

test('--reserve-memory and --reserve-cores change what is kept; a core is all its threads', async () => {
  const asked: unknown[] = [];
  await using service = await fakeService({
    'GET /budget': () => shown(),
    'PUT /budget/reserve': ({ body }: { body: unknown }) => {
      asked.push(body);
      return shown({ reserve: { vcpus: 2, memoryBytes: 2 * GiB } });
    },
  });
  const changed = await phyllome(service, ['budget', '--reserve-memory', '2GiB', '--reserve-cores', '1']);
  expect(changed).toMatchObject({ code: 0, stderr: '' });
  expect(changed.stdout).toContain('This PC keeps 2 threads');
  await phyllome(service, ['budget', '--reserve-memory', '1.5G']);
  expect(asked).toEqual([{ memoryBytes: 2 * GiB, vcpus: 2 }, { memoryBytes: 1.5 * GiB }]);
  expect(await phyllome(service, ['budget', '--reserve-memory', '2GB'])).toMatchObject({ code: 2 });
  expect(JSON.parse((await phyllome(service, ['budget', '--json'])).stdout)).toEqual(shown());
  expect(asked).toHaveLength(2);
});
