// SPDX-License-Identifier: Apache-2.0

// What a guest may have left switched on in the terminal: colours, a hidden cursor, mouse reports, bracketed
// paste, the alternate screen, another character set, a scrolling region. The soft reset (DECSTR) does most.
const calm =
  '\u001b[!p\u001b[0m\u001b[?25h\u001b[?1l\u001b[?9l\u001b[?1000l\u001b[?1002l\u001b[?1003l\u001b[?1004l\u001b[?1006l\u001b[?2004l\u001b[?1047l\u001b(B\u000f';

// The conventional exit code of a program that a signal ended is 128 + its number.
const endingSignals = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Gives every key to us, unread by the terminal, until disposed. The terminal is put back in every case short
 * of SIGKILL: at the normal end, on signals, and when we crash.
 * @param onSignal what a signal does, with the exit code that goes with it; left out: it ends us
 */
export function rawTerminal(
  stdin: NodeJS.ReadStream,
  stdout: NodeJS.WritableStream,
  onSignal: (code: number) => void = (code) => process.exit(code),
): Disposable {
  let raw = true;
  const restore = () => {
    if (!raw) return;
    raw = false;
    stdin.setRawMode(false);
    stdout.write(calm);
  };
  const listeners = Object.entries(endingSignals).map(([signal, code]) => {
    // The "exit" listener restores.
    const listener = () => onSignal(code);
    process.on(signal, listener);
    return { signal, listener };
  });
  process.on('exit', restore);
  stdin.setRawMode(true);
  return {
    [Symbol.dispose]() {
      restore();
      process.off('exit', restore);
      for (const { signal, listener } of listeners) process.off(signal, listener);
    },
  };
}
