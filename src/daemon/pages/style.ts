// SPDX-License-Identifier: Apache-2.0

/** The look of web/style in a few lines: these pages come without the files of the built page. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --window: #fafafb; --card: #ffffff; --text: #2e2e33; --dim: #5f5f66; --field: rgb(0 0 6 / 6%); --line: rgb(0 0 6 / 12%);
  --accent: #1c71d8; --accent-hover: #1a66c4; --accent-text: #0b5cad; --danger-text: #b3131f; --danger-soft: rgb(192 28 40 / 12%);
  --shadow: 0 1px 3px 1px rgb(0 0 6 / 7%), 0 2px 6px 2px rgb(0 0 6 / 3%);
}
@media (prefers-color-scheme: dark) {
  :root {
    --window: #222226; --card: #323236; --text: #f7f7f9; --dim: #b9b9bf; --field: rgb(255 255 255 / 8%); --line: rgb(255 255 255 / 12%);
    --accent-text: #8bbcf5; --danger-text: #ffb3af; --danger-soft: rgb(224 27 36 / 25%);
  }
}
* { box-sizing: border-box; }
body {
  display: grid; min-height: 100vh; min-height: 100dvh; place-items: center; margin: 0; padding: 12px;
  background: var(--window); color: var(--text);
  font: 15px/1.5 'Adwaita Sans', Cantarell, Inter, system-ui, sans-serif;
}
main {
  width: 100%; max-width: 420px; padding: 36px 24px; border-radius: 15px; background: var(--card); box-shadow: var(--shadow);
  text-align: center;
}
h1 { margin: 12px 0 6px; font-size: 24px; line-height: 1.25; }
p { margin: 0 0 12px; }
.dim { color: var(--dim); }
.small { margin: 18px 0 0; font-size: 13px; }
form { display: grid; gap: 6px; margin-top: 18px; text-align: left; }
label { font-weight: 600; }
input, button { width: 100%; min-height: 44px; border: 0; border-radius: 9px; font: inherit; }
input:not([hidden]) { padding: 8px 12px; background: var(--field); color: inherit; }
input[hidden] { display: none; }
button { margin-top: 12px; background: var(--accent); color: #fff; font-weight: 600; cursor: pointer; }
button:hover { background: var(--accent-hover); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.problem { margin: 0 0 6px; padding: 9px 12px; border-radius: 9px; background: var(--danger-soft); color: var(--danger-text); }
code {
  padding: 1px 5px; border: 1px solid var(--line); border-radius: 6px; font-family: 'Adwaita Mono', 'DejaVu Sans Mono', monospace;
  font-size: 0.9em; white-space: nowrap;
}
a { color: var(--accent-text); }
`;
