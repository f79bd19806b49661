// SPDX-License-Identifier: Apache-2.0

// Not yet in TypeScript's description of browsers: only Chromium has it.
interface KeyboardLock {
  lock?(): Promise<void>;
  unlock?(): void;
}

const keyboard = (): KeyboardLock | undefined => (navigator as { keyboard?: KeyboardLock }).keyboard;

/**
 * Fills the display with an element. Where the browser can, keys of the desktop (Alt-Tab, Super) then reach
 * the guest, too; the browser itself sees to the way out (Escape, held for a moment).
 */
export async function enterFullScreen(element: HTMLElement): Promise<void> {
  await element.requestFullscreen({ navigationUI: 'hide' });
  await keyboard()?.lock?.();
}

export async function leaveFullScreen(): Promise<void> {
  keyboard()?.unlock?.();
  await document.exitFullscreen();
}
