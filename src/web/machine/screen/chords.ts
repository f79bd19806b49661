// SPDX-License-Identifier: Apache-2.0

interface Chord {
  /** As printed on keys; not translated */
  label: string;
  /** Names of docs/keys.md */
  keys: readonly string[];
}

const chord = (label: string, ...keys: string[]): Chord => ({ label, keys });

/** Keys that the browser or the desktop keeps for itself, for the menu. */
export const chords: readonly (readonly Chord[])[] = [
  [
    chord('Ctrl + Alt + Delete', 'ctrl', 'alt', 'delete'),
    chord('Ctrl + Alt + Backspace', 'ctrl', 'alt', 'backspace'),
  ],
  [
    chord('Super', 'super'),
    chord('Super + L', 'super', 'l'),
    chord('Alt + Tab', 'alt', 'tab'),
    chord('Alt + F4', 'alt', 'f4'),
    chord('Ctrl + Escape', 'ctrl', 'escape'),
    chord('Print', 'print'),
  ],
  [1, 2, 3, 7].map((number) => chord(`Ctrl + Alt + F${number}`, 'ctrl', 'alt', `f${number}`)),
];
