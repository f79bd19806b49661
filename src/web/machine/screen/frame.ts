// SPDX-License-Identifier: Apache-2.0

export interface Size {
  width: number;
  height: number;
}

/** How the guest's screen is shown: adapted to the window by the guest, scaled to fit, or pixel by pixel. */
export type Fit = 'follow' | 'scale' | 'exact';

// A whole multiple is sharp. It is taken when it is not much smaller than what would fit.
const sharpEnough = 0.85;

/**
 * The size of the picture on the page, in CSS pixels, such that each of its edges lies on a pixel of the display.
 * @param available what the window has, in CSS pixels
 * @param guest the guest's screen, in its pixels
 * @param ratio pixels of the display to a CSS pixel
 */
export function frameSize(available: Size, guest: Size, ratio: number, fit: Fit): Size {
  if (fit === 'follow' || guest.width === 0 || guest.height === 0) return available;
  if (fit === 'exact') return { width: guest.width / ratio, height: guest.height / ratio };
  const most = Math.min((available.width * ratio) / guest.width, (available.height * ratio) / guest.height);
  const whole = Math.floor(most);
  const scale = whole >= 1 && whole >= most * sharpEnough ? whole : most;
  return {
    width: Math.floor(guest.width * scale) / ratio,
    height: Math.floor(guest.height * scale) / ratio,
  };
}
