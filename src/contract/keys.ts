// SPDX-License-Identifier: Apache-2.0
//
// The keys of a machine's keyboard by name, and which of them type which character. A key is a place on the
// keyboard, named after what it does on a US keyboard; the guest decides by its own layout what it means.
import { PhyllomeError } from './errors.ts';

/** The names of all keys, as docs/keys.md shows them. */
export const keyGroups = [
  {
    title: 'Modifiers',
    names: ['ctrl', 'ctrl-right', 'shift', 'shift-right', 'alt', 'alt-right', 'super', 'super-right', 'menu'],
  },
  {
    title: 'Letters',
    names: [
      ...(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm'] as const),
      ...(['n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z'] as const),
    ],
  },
  { title: 'Digits', names: ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'] },
  {
    title: 'Signs',
    names: [
      ...(['minus', 'equal', 'bracket-left', 'bracket-right', 'backslash', 'semicolon'] as const),
      ...(['apostrophe', 'grave', 'comma', 'dot', 'slash', 'less'] as const),
    ],
  },
  {
    title: 'Writing',
    names: ['enter', 'space', 'tab', 'backspace', 'escape', 'caps-lock', 'num-lock', 'scroll-lock'],
  },
  {
    title: 'Moving',
    names: ['up', 'down', 'left', 'right', 'home', 'end', 'page-up', 'page-down', 'insert', 'delete'],
  },
  {
    title: 'Functions',
    names: [
      ...(['f1', 'f2', 'f3', 'f4', 'f5', 'f6', 'f7', 'f8', 'f9', 'f10', 'f11', 'f12'] as const),
      ...(['f13', 'f14', 'f15', 'f16', 'f17', 'f18', 'f19', 'f20', 'f21', 'f22', 'f23', 'f24'] as const),
    ],
  },
  {
    title: 'Keypad',
    names: [
      ...(['keypad-0', 'keypad-1', 'keypad-2', 'keypad-3', 'keypad-4', 'keypad-5', 'keypad-6'] as const),
      ...(['keypad-7', 'keypad-8', 'keypad-9', 'keypad-plus', 'keypad-minus', 'keypad-times'] as const),
      ...(['keypad-divide', 'keypad-dot', 'keypad-enter'] as const),
    ],
  },
  { title: 'System', names: ['print', 'sysrq', 'pause', 'power', 'sleep', 'wake', 'help', 'calculator'] },
  {
    title: 'Sound',
    names: ['volume-up', 'volume-down', 'mute', 'play', 'stop', 'next', 'previous'],
  },
  {
    title: 'East Asian',
    names: ['henkan', 'muhenkan', 'hiragana', 'katakana-hiragana', 'yen', 'ro', 'lang1', 'lang2'],
  },
] as const;
export type KeyName = (typeof keyGroups)[number]['names'][number];

/** Other names that people know keys by. */
export const keyAliases: Readonly<Record<string, KeyName>> = {
  control: 'ctrl',
  'ctrl-left': 'ctrl',
  'shift-left': 'shift',
  'alt-left': 'alt',
  altgr: 'alt-right',
  windows: 'super',
  win: 'super',
  meta: 'super',
  command: 'super',
  cmd: 'super',
  'super-left': 'super',
  return: 'enter',
  esc: 'escape',
  del: 'delete',
  ins: 'insert',
  pageup: 'page-up',
  pagedown: 'page-down',
  pgup: 'page-up',
  pgdn: 'page-down',
  printscreen: 'print',
  'print-screen': 'print',
  prtsc: 'print',
  break: 'pause',
  capslock: 'caps-lock',
  numlock: 'num-lock',
  scrolllock: 'scroll-lock',
  period: 'dot',
  backtick: 'grave',
};

export const keyNames: readonly KeyName[] = keyGroups.flatMap(({ names }) => names);
const known: ReadonlySet<string> = new Set(keyNames);

/** The key of a name or another name for it, in any case; null when there is none. */
export function findKey(name: string): KeyName | null {
  const lower = name.trim().toLowerCase();
  if (known.has(lower)) return lower as KeyName;
  return Object.hasOwn(keyAliases, lower) ? (keyAliases[lower] ?? null) : null;
}

// A US keyboard: the character a key types, and the one it types with shift.
const signs: readonly (readonly [KeyName, string, string])[] = [
  ['1', '1', '!'],
  ['2', '2', '@'],
  ['3', '3', '#'],
  ['4', '4', '$'],
  ['5', '5', '%'],
  ['6', '6', '^'],
  ['7', '7', '&'],
  ['8', '8', '*'],
  ['9', '9', '('],
  ['0', '0', ')'],
  ['minus', '-', '_'],
  ['equal', '=', '+'],
  ['bracket-left', '[', '{'],
  ['bracket-right', ']', '}'],
  ['backslash', '\\', '|'],
  ['semicolon', ';', ':'],
  ['apostrophe', "'", '"'],
  ['grave', '`', '~'],
  ['comma', ',', '<'],
  ['dot', '.', '>'],
  ['slash', '/', '?'],
];

/**
 * The keys to press, one stroke after the other, so that a guest with a US layout reads `text`.
 * Every kind of line break is one press of enter.
 * @returns also the characters for which there is no key, each once
 */
export function strokesOf(text: string): { strokes: KeyName[][]; untypable: string[] } {
  const layout = usLayout();
  const strokes: KeyName[][] = [];
  const untypable = new Set<string>();
  for (const character of text.replaceAll(/\r\n?/g, '\n')) {
    const stroke = layout.get(character);
    if (stroke === undefined) untypable.add(character);
    else strokes.push(stroke);
  }
  return { strokes, untypable: [...untypable] };
}

/** The strokes of a text that can be typed whole. @throws PhyllomeError `text-untypable` */
export function requireStrokes(text: string): KeyName[][] {
  const { strokes, untypable } = strokesOf(text);
  if (untypable.length === 0) return strokes;
  throw new PhyllomeError('text-untypable', { characters: untypable.slice(0, mostShown).map(shown) });
}

// A message with more of them helps nobody.
const mostShown = 20;

/** A character as a message shows it: invisible ones by their number. */
function shown(character: string): string {
  if (/^[^\p{C}\p{Z}\p{M}]$/u.test(character)) return character;
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

function usLayout(): Map<string, KeyName[]> {
  const layout = new Map<string, KeyName[]>([
    ['\n', ['enter']],
    ['\t', ['tab']],
    [' ', ['space']],
  ]);
  for (const [key, plain, shifted] of signs) layout.set(plain, [key]).set(shifted, ['shift', key]);
  for (const key of keyGroups[1].names) layout.set(key, [key]).set(key.toUpperCase(), ['shift', key]);
  return layout;
}
