// SPDX-License-Identifier: Apache-2.0
import { pageStyleHash } from './pages.ts';

/**
 * Headers of every reply. Nothing may be loaded but what the service itself serves, no other site may embed
 * or read a reply, and nothing is kept on the disk of the browser.
 */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': `default-src 'none'; style-src '${pageStyleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};
