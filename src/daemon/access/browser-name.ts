// SPDX-License-Identifier: Apache-2.0

// The first that is found names it: the others claim to be those below them.
const browsers = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\bCog\//, 'Cog'],
  [/\bEpiphany\//, 'Web'],
  [/\bChromium\//, 'Chromium'],
  [/\b(?:Chrome|CriOS)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
] as const;
const systems = [
  [/\bAndroid\b/, 'Android'],
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
] as const;

/** "Firefox on Android": enough to know one's own browsers by. What a browser says of itself proves nothing. */
export function browserName(userAgent: string | undefined): string {
  const text = (userAgent ?? '').slice(0, 1000);
  const find = (known: typeof browsers | typeof systems): string | undefined =>
    known.find(([pattern]) => pattern.test(text))?.[1];
  const [browser, system] = [find(browsers), find(systems)];
  if (browser !== undefined) return system === undefined ? browser : `${browser} on ${system}`;
  return /^[\w .-]{1,40}/.exec(text)?.[0].trim() ?? '';
}
