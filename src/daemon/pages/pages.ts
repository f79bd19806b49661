// SPDX-License-Identifier: Apache-2.0
//
// What a browser gets when it cannot have the page. No script is needed for these.
import type { PhyllomeError } from '../../contract/errors.ts';
import type { PageLanguage } from './language.ts';
import { pageStyle } from './style.ts';
import { pageWords } from './words.ts';

/** What "/" shows when the graphical page was never built. */
export function unbuiltPage(language: PageLanguage): string {
  const { title, text } = pageWords[language].unbuilt;
  return page(language, title, `<p>${text}</p>`);
}

/** What a link shows that was used before, is too old, or never existed. */
export function deadLinkPage(language: PageLanguage): string {
  const { title, text } = pageWords[language].deadLink;
  return page(language, title, `<p>${text}</p>`);
}

interface SignIn {
  language: PageLanguage;
  /** There is a password to sign in with */
  hasPassword: boolean;
  /** The browser is on another device, where nobody has a terminal of this PC */
  network: boolean;
  /** Why signing in did not work just now */
  failure?: PhyllomeError;
}

/** What "/" shows to everybody else. It tells nothing about this PC. */
export function signInPage({ language, hasPassword, network, failure }: SignIn): string {
  const { signIn } = pageWords[language];
  if (!hasPassword && failure === undefined)
    return page(language, signIn.none.title, `<p>${signIn.none.text}</p>`);
  const problem =
    failure === undefined
      ? ''
      : `<p class="problem" role="alert" id="problem">${failureText(language, failure)}</p>`;
  return page(
    language,
    signIn.title,
    `<p class="dim">${signIn.about}</p>
<form method="post" action="/sign-in">
${problem}
<input type="text" name="username" value="phyllome" autocomplete="username" hidden>
<label for="password">${signIn.password}</label>
<input id="password" type="password" name="password" autocomplete="current-password" required autofocus maxlength="1024"${
      failure === undefined ? '' : ' aria-invalid="true" aria-describedby="problem"'
    }>
<button>${signIn.submit}</button>
</form>
<p class="dim small">${network ? signIn.forgotten : signIn.link}</p>`,
  );
}

function failureText(language: PageLanguage, { code, facts }: PhyllomeError): string {
  const { signIn } = pageWords[language];
  if (code === 'password-wrong') return signIn.wrong;
  if (code === 'too-many-tries') return signIn.wait(Number(facts['seconds']));
  if (code === 'access-damaged') return signIn.damaged;
  return code === 'password-needed' ? signIn.none.text : signIn.failed;
}

function page(language: PageLanguage, title: string, body: string): string {
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} – Phyllome OS</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<style>${pageStyle}</style>
</head>
<body>
<main>
<img src="/icon.svg" alt="" width="64" height="64">
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`;
}
