// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { commands } from './commands.ts';
import { commandHelp, overview } from './help.ts';
import { findCommand, parseInput, splitCommand } from './parse.ts';

const shown = commands.filter((command) => command.hidden !== true);

test('the overview', () => expect(overview(commands)).toMatchSnapshot());

describe('every command', () => {
  test.each(shown)('$name has a help', (command) => expect(commandHelp(command)).toMatchSnapshot());

  test.each(shown)('$name has examples that it understands itself', (command) => {
    const lines = command.examples.map(([line]) => line).filter((line) => /^(?:\.\/)?phyllome/.test(line));
    for (const line of lines) {
      const words = (line.match(/"[^"]*"|\S+/g) ?? []).slice(1).map((word) => word.replaceAll('"', ''));
      const { name = '', rest } = splitCommand(
        words.slice(0, words.includes('>') ? words.indexOf('>') : undefined),
        commands,
      );
      expect(parseInput(findCommand(commands, name), rest).command).toBe(command);
    }
    expect(command.examples.length).toBeGreaterThan(0);
  });

  test.each(shown)('$name fits into 100 columns', (command) => {
    for (const line of [...commandHelp(command).split('\n'), ...overview(commands).split('\n')]) {
      expect(line.length).toBeLessThanOrEqual(100);
    }
  });

  test.each(commands)('$name can be loaded', async (command) =>
    expect(await command.load()).toBeTypeOf('function'),
  );
});
