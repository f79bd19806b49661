// SPDX-License-Identifier: Apache-2.0
//
// The pages a browser gets. They need no script; the graphical page will take their place.
import { createHash } from 'node:crypto';
import { apiPrefix } from '../contract/operations.ts';

const style = `
:root { color-scheme: light dark; font: 1.1rem/1.6 system-ui, sans-serif; }
body { max-width: 40rem; margin: 10vh auto; padding: 0 1rem; background: Canvas; color: CanvasText; }
h1 { line-height: 1.2; }
code { font-size: 0.95em; padding: 0.1em 0.3em; border: 1px solid GrayText; border-radius: 0.3em; }
a { color: LinkText; }
`;

/** Lets the style of these pages pass the Content-Security-Policy, and no other. */
export const pageStyleHash = `sha256-${createHash('sha256').update(style).digest('base64')}`;

/** What "/" shows to somebody who is signed in. */
export function welcomePage(version: string, machines: number): string {
  const count = machines === 1 ? '1 machine' : `${machines} machines`;
  return page(
    'Phyllome OS is running',
    `<p>Version ${version}, looking after ${count}.</p>
<p>This version has no graphical page yet. Use the command line: <code>phyllome list</code> shows your
machines, <code>phyllome run tiny</code> starts a small Linux, <code>phyllome help</code> shows the rest.</p>
<p>Programs use the <a href="${apiPrefix}/openapi.json">API, described here</a>.</p>`,
  );
}

/** What "/" shows to everybody else. It tells nothing about this PC. */
export function signInPage(): string {
  return page(
    'You are not signed in',
    `<p>Run <code>phyllome open</code> in a terminal. It prints a link that signs this browser in.</p>`,
  );
}

/** What a link shows that was used before, is too old, or never existed. */
export function deadLinkPage(): string {
  return page(
    'This link no longer works',
    `<p>A link signs in one browser, once, within a minute.
Run <code>phyllome open</code> in a terminal for another one.</p>`,
  );
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`;
}
