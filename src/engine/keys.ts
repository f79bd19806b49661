// SPDX-License-Identifier: Apache-2.0
import { PhyllomeError } from '../contract/errors.ts';
import { findKey, keyAliases, keyNames, requireStrokes, type KeyName } from '../contract/keys.ts';
import { nearWords } from '../contract/near-words.ts';
import type { Keyboard } from '../vmm/driver.ts';
import type { Runner } from './runner.ts';

/** The keyboards of all machines; each takes one thing after the other. */
export interface Keys {
  /** @throws PhyllomeError `keys-missing`, `key-unknown`, `key-unsupported`, `keyboard-none` */
  press(name: string, runner: Runner, keys: readonly string[]): Promise<void>;
  /**
   * @returns how many characters were typed (a line break is one)
   * @throws PhyllomeError `text-untypable`, `typing-interrupted`, `keyboard-none`
   */
  type(name: string, runner: Runner, text: string): Promise<number>;
}

// How long a key is held, and let go of (ms). Guests fetch the events of a USB keyboard every 8 ms or so and QEMU
// keeps 16 for a guest that is busy: at this pace a guest may be busy for 0.3 s before it loses one. Emulated processors
// are slower, and share those of this PC with whatever else it does.
const typingHold = { hardware: 20, emulated: 30 };
// Combinations are rare and important.
const pressHold = 50;

export function createKeys(): Keys {
  const last = new WeakMap<Runner, Promise<unknown>>();
  const inTurn = <Result>(runner: Runner, work: () => Promise<Result>): Promise<Result> => {
    const turn = (last.get(runner) ?? Promise.resolve()).then(work);
    last.set(
      runner,
      turn.catch(() => {}),
    );
    return turn;
  };

  return {
    async press(name, runner, keys) {
      const known = knownKeys(keys);
      keyboardOf(name, runner);
      await inTurn(runner, () => keyboardOf(name, runner).press(known, pressHold));
    },
    async type(name, runner, text) {
      const strokes = requireStrokes(text);
      keyboardOf(name, runner);
      return inTurn(runner, () => typeStrokes(name, runner, strokes));
    },
  };
}

async function typeStrokes(name: string, runner: Runner, strokes: readonly KeyName[][]): Promise<number> {
  const total = strokes.length;
  const hold = runner.plan?.accelerator === 'tcg' ? typingHold.emulated : typingHold.hardware;
  for (const [typed, stroke] of strokes.entries()) {
    const { name: state } = runner.state;
    try {
      if (state !== 'running' && state !== 'stopping') throw new Error(`it is ${state} now.`);
      await keyboardOf(name, runner).press(stroke, hold);
    } catch (error) {
      const { message } = error as Error;
      throw new PhyllomeError(
        'typing-interrupted',
        { name, typed, total, reason: message },
        { cause: error },
      );
    }
  }
  return total;
}

/** @throws PhyllomeError `keyboard-none`, `vmm-gone` */
function keyboardOf(name: string, runner: Runner): Keyboard {
  const { keyboard } = runner.session();
  if (keyboard === undefined) throw new PhyllomeError('keyboard-none', { name });
  return keyboard;
}

function knownKeys(keys: readonly string[]): KeyName[] {
  if (keys.length === 0) throw new PhyllomeError('keys-missing');
  return keys.map((given) => {
    const key = findKey(given);
    if (key !== null) return key;
    const near = nearWords(given.trim().toLowerCase(), [...keyNames, ...Object.keys(keyAliases)]);
    const words = near.length === 0 ? '' : ` Did you mean ${near.join(', ')}?`;
    throw new PhyllomeError('key-unknown', { key: JSON.stringify(given), near: words });
  });
}
