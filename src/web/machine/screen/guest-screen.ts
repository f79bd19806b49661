// SPDX-License-Identifier: Apache-2.0
//
// The guest's screen as an object that outlives any rendering: a connection, a canvas, a keyboard.
import RFB, { type RfbChannel } from '@novnc/novnc';
import { createSignal, type Signal } from '../../service/signal.ts';
import { frameSize, type Fit, type Size } from './frame.ts';
import { inDevicePixels, preferRaw } from './rfb-messages.ts';
import { releaseChord } from './release-chord.ts';

/** `quick` sends pixels as they are, for this PC; `slow` packs them, for a tunnel over a network. */
export type LinkSpeed = 'quick' | 'slow';

export interface GuestScreen {
  link: Signal<'connecting' | 'connected' | 'ended'>;
  /** Does the keyboard go to the guest? */
  grabbed: Signal<boolean>;
  /** What was last copied in the guest; null before that */
  copied: Signal<string | null>;
  /** Gives the keyboard to the guest */
  focus(): void;
  /** Takes it back */
  release(): void;
  /** Puts a text into the clipboard of the guest, when an agent of it listens */
  offer(text: string): void;
  setFit(fit: Fit): void;
  close(): void;
}

// Milliseconds after the last change of the window's size. noVNC asks for a size once, not while it waits for an
// answer to the one before, and QEMU's answer ("request forwarded") is a refusal to it, after which it does not
// ask again: of a window that is dragged, the last size would be lost.
const askAgainAfter = [300, 1000, 3000];

export interface GuestScreenOptions {
  /** The element that has all the room; the picture is centred in it */
  area: HTMLElement;
  url: string;
  /** What the canvas is called by screen readers */
  label: string;
  fit: Fit;
  speed: LinkSpeed;
  /** The keyboard stays with the guest: whoever shows the screen has another way to take it back */
  keepsKeys?: boolean;
}

/** Connects to a machine's screen and shows it in an element until it is closed. */
export function openGuestScreen({
  area,
  url,
  label,
  fit: firstFit,
  speed,
  keepsKeys = false,
}: GuestScreenOptions): GuestScreen {
  const link = createSignal<'connecting' | 'connected' | 'ended'>('connecting');
  const grabbed = createSignal(false);
  const copied = createSignal<string | null>(null);
  let fit = firstFit;

  const frame = document.createElement('div');
  area.append(frame);
  const rfb = new RFB(frame, createChannel(url, speed), { shared: true });
  rfb.scaleViewport = true;
  rfb.background = 'transparent';
  // Each time it is set, it asks the guest for the size of the frame, unless the guest has it.
  const follow = (): void => {
    rfb.resizeSession = fit === 'follow' && link.get() === 'connected';
  };
  rfb.addEventListener('connect', () => {
    link.set('connected');
    follow();
  });
  rfb.addEventListener('disconnect', () => link.set('ended'));
  rfb.addEventListener('clipboard', ({ detail }) => copied.set(detail.text));

  const canvas = frame.querySelector('canvas');
  if (canvas === null) throw new Error('noVNC made no canvas');
  canvas.setAttribute('role', 'application');
  canvas.setAttribute('aria-label', label);
  canvas.addEventListener('focus', () => grabbed.set(true));
  canvas.addEventListener('blur', () => grabbed.set(false));

  const arrange = (): void => {
    const guest: Size = { width: canvas.width, height: canvas.height };
    const available: Size = { width: area.clientWidth, height: area.clientHeight };
    const { width, height } = frameSize(available, guest, devicePixelRatio, fit);
    frame.style.width = `${width}px`;
    frame.style.height = `${height}px`;
    area.classList.toggle('larger', width > available.width || height > available.height);
  };
  let asks: ReturnType<typeof setTimeout>[] = [];
  const resized = new ResizeObserver(() => {
    arrange();
    asks.forEach(clearTimeout);
    asks = askAgainAfter.map((delay) => setTimeout(follow, delay));
  });
  resized.observe(area);
  const guestResized = new MutationObserver(arrange);
  guestResized.observe(canvas, { attributeFilter: ['width', 'height'] });

  const isChord = releaseChord();
  const watchKeys = (event: KeyboardEvent): void => {
    if (isChord(event) && grabbed.get() && !keepsKeys) rfb.blur();
  };
  // Before noVNC, which keeps every key for the guest.
  for (const type of ['keydown', 'keyup'] as const) addEventListener(type, watchKeys, { capture: true });

  return {
    link,
    grabbed,
    copied,
    focus: () => rfb.focus({ preventScroll: true }),
    release: () => rfb.blur(),
    offer: (text) => rfb.clipboardPasteFrom(text),
    setFit(next) {
      fit = next;
      follow();
      arrange();
    },
    close() {
      for (const type of ['keydown', 'keyup'] as const)
        removeEventListener(type, watchKeys, { capture: true });
      asks.forEach(clearTimeout);
      resized.disconnect();
      guestResized.disconnect();
      if (link.get() !== 'ended') rfb.disconnect();
      frame.remove();
    },
  };
}

/** A WebSocket as noVNC wants it, with some of its messages changed on their way out. */
function createChannel(url: string, speed: LinkSpeed): RfbChannel {
  const socket = new WebSocket(url);
  const channel: RfbChannel = {
    binaryType: 'arraybuffer',
    protocol: '',
    get readyState() {
      return socket.readyState;
    },
    onopen: null,
    onmessage: null,
    onclose: null,
    onerror: null,
    send(data) {
      const sized = inDevicePixels(data, devicePixelRatio);
      socket.send(speed === 'quick' ? preferRaw(sized) : sized);
    },
    close: () => socket.close(),
  };
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('open', () => channel.onopen?.());
  socket.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) => channel.onmessage?.({ data }));
  socket.addEventListener('close', ({ code, reason }) => channel.onclose?.({ code, reason }));
  socket.addEventListener('error', (event) => channel.onerror?.(event));
  return channel;
}
