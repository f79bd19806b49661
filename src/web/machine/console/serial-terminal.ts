// SPDX-License-Identifier: Apache-2.0
//
// The serial console as an object that outlives any rendering.
import { FitAddon } from '@xterm/addon-fit';
import { Terminal, type ITheme } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { createSignal, type Signal } from '../../service/signal.ts';
import { releaseChord } from '../screen/release-chord.ts';

export interface SerialTerminal {
  link: Signal<'connecting' | 'connected' | 'ended'>;
  /** Does the keyboard go to the guest? */
  grabbed: Signal<boolean>;
  clear(): void;
  close(): void;
}

// Dark in both themes, as consoles are; colours of GNOME's palette on it keep their contrast.
const theme: ITheme = {
  background: '#1d1d20',
  foreground: '#f7f7f9',
  cursor: '#f7f7f9',
  selectionBackground: '#3f6fa8',
  black: '#3d3846',
  red: '#f66151',
  green: '#57e389',
  yellow: '#f8e45c',
  blue: '#78aeed',
  magenta: '#dc8add',
  cyan: '#5bc8d6',
  white: '#deddda',
  brightBlack: '#9a9996',
};

/** Connects to a machine's serial port and shows it in an element until it is closed. */
export function openTerminal({
  area,
  url,
  label,
}: {
  area: HTMLElement;
  url: string;
  label: string;
}): SerialTerminal {
  const link = createSignal<'connecting' | 'connected' | 'ended'>('connecting');
  const grabbed = createSignal(false);
  const terminal = new Terminal({
    theme,
    fontFamily: getComputedStyle(area).getPropertyValue('--mono'),
    fontSize: 14,
    scrollback: 10_000,
    cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    screenReaderMode: true,
    // A serial port knows no size, and the guest no terminal: it writes 80 columns at the least.
    convertEol: false,
  });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  terminal.open(area);
  terminal.textarea?.setAttribute('aria-label', label);
  const resized = new ResizeObserver(() => fit.fit());
  resized.observe(area);

  // The history holds questions to a terminal (where is the cursor?) that were answered long ago: the answer
  // would be typed into the guest now. Answers are given once a person types, and so talks to the guest.
  let answers = false;
  const isChord = releaseChord();
  terminal.attachCustomKeyEventHandler((event) => {
    answers = true;
    if (isChord(event)) terminal.blur();
    return true;
  });
  terminal.textarea?.addEventListener('focus', () => grabbed.set(true));
  terminal.textarea?.addEventListener('blur', () => grabbed.set(false));

  const socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('open', () => {
    link.set('connected');
    terminal.focus();
  });
  socket.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer | string>) => {
    terminal.write(typeof data === 'string' ? data : new Uint8Array(data));
  });
  socket.addEventListener('close', () => link.set('ended'));
  const encoder = new TextEncoder();
  terminal.textarea?.addEventListener('paste', () => (answers = true), { capture: true });
  terminal.onData((data) => {
    if (answers && socket.readyState === WebSocket.OPEN) socket.send(encoder.encode(data));
  });

  return {
    link,
    grabbed,
    clear: () => terminal.clear(),
    close() {
      resized.disconnect();
      socket.close();
      terminal.dispose();
    },
  };
}
