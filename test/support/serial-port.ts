// SPDX-License-Identifier: Apache-2.0
import { createSerialConsole } from '../../src/engine/serial-console.ts';
import type { LaunchPlan } from '../../src/contract/plan.ts';

export interface SerialPort extends Disposable {
  /** Types text; forgets what was heard before. */
  type(text: string): Promise<void>;
  /** Waits until what the guest wrote matches. @returns all it wrote */
  until(pattern: RegExp): Promise<string>;
}

/** The serial port of a VMM that runs without a service around it. */
export async function openSerialPort({ machine, endpoints, serialLog }: LaunchPlan): Promise<SerialPort> {
  const ended = Promise.withResolvers<void>();
  const port = createSerialConsole(machine.name, endpoints.serial ?? '', serialLog ?? '', ended.promise);
  let heard = '';
  let wake: (() => void) | null = null;
  const onOutput = (bytes: Uint8Array): void => {
    heard += Buffer.from(bytes).toString('latin1');
    wake?.();
  };
  await port.view(0, onOutput, () => {});
  return {
    async type(text) {
      heard = '';
      await port.write(Buffer.from(text));
    },
    async until(pattern) {
      while (!pattern.test(heard)) await new Promise<void>((resolve) => (wake = resolve));
      return heard;
    },
    [Symbol.dispose]: () => ended.resolve(),
  };
}
