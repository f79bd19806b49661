// SPDX-License-Identifier: Apache-2.0

const key = 'phyllome-kiosk';

/**
 * Is this page the screen of this PC? Its address says so once ("?kiosk"); the tab remembers it, because signing in again
 * leads to the bare address. It is a way to look at things and no right: whoever is signed in may do the same without it.
 */
export function isKiosk(): boolean {
  if (new URLSearchParams(location.search).has('kiosk')) sessionStorage.setItem(key, 'yes');
  return sessionStorage.getItem(key) !== null;
}
