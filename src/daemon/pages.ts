// SPDX-License-Identifier: Apache-2.0
//
// What a browser gets when it cannot have the page. No script is needed for these.
import { apiPrefix } from '../contract/operations.ts';

const style = `
:root { color-scheme: light dark; font: 1.1rem/1.6 system-ui, sans-serif; }
body { max-width: 40rem; margin: 10vh auto; padding: 0 1rem; background: Canvas; color: CanvasText; }
h1 { line-height: 1.2; }
code { font-size: 0.95em; padding: 0.1em 0.3em; border: 1px solid GrayText; border-radius: 0.3em; }
a { color: LinkText; }
`;

/** What "/" shows when the graphical page was never built. */
export function unbuiltPage(): string {
  return page(
    'The page is not built yet',
    `<p>Run <code>phyllome setup</code> in a terminal, then load this page again. The command line and the
<a href="${apiPrefix}/openapi.json">API</a> work without it.</p>`,
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
