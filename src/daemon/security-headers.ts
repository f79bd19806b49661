// SPDX-License-Identifier: Apache-2.0
// What the page may load and talk to. Scripts only come as files of ours. Styles may be made by scripts as well:
// the terminal of the serial console (xterm.js) does so, and has no other way.
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  // blob: the pictures of the machines' screens; data: the pointers that guests draw
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
];

/**
 * Headers of every reply. Nothing may be loaded but what the service itself serves, no other site may embed
 * or read a reply, and nothing is kept on the disk of the browser.
 */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': policy.join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

/**
 * For a page with a form: it may be sent, to us. With "no-referrer" browsers would say that the form is from "null", which is
 * what a page of anybody's could be.
 */
export const formHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
  'referrer-policy': 'same-origin',
};
