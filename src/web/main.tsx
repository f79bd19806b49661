// SPDX-License-Identifier: Apache-2.0
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './style/tokens.css';
import './style/base.css';
import './style/parts.css';
import './style/forms.css';
import { App } from './app.tsx';
import { connect } from './service/connection.ts';
import { loadTexts } from './text/language.ts';

// The texts come first, so that nothing is shown in one language and then in another.
const texts = await loadTexts();
const connection = connect();
const root = document.getElementById('page');
if (root === null) throw new Error('index.html has no element "page"');
createRoot(root).render(
  <StrictMode>
    <App connection={connection} texts={texts} />
  </StrictMode>,
);
