// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, useState } from 'react';
import { useAction } from '../parts/action.ts';
import { Button } from '../parts/button.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { Icon } from '../parts/icon.tsx';
import { call } from '../service/api.ts';
import { useConnection } from '../service/context.ts';
import { useAccessText } from './words.ts';
import './lock-screen.css';

/**
 * Covers the page while the service answers nothing but "locked". It is a modal dialog, so nothing behind it takes the
 * keyboard, and it stands in the top layer, above dialogs and a machine that has the whole screen.
 */
export default function LockScreen() {
  const { lock: text } = useAccessText();
  const { resume } = useConnection();
  const element = useRef<HTMLDialogElement>(null);
  const [password, setPassword] = useState('');
  useEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  const action = useAction(async () => {
    try {
      await call('unlockSession', { body: { password } });
      resume();
    } finally {
      setPassword('');
    }
  });
  return (
    <dialog
      ref={element}
      className="lock-screen"
      aria-labelledby="lock-title"
      onCancel={(event) => event.preventDefault()}
      // Browsers let a second Escape through.
      onClose={() => element.current?.isConnected === true && element.current.showModal()}
    >
      <form
        className="lock-form"
        onSubmit={(event) => {
          event.preventDefault();
          void action.run();
        }}
      >
        <Icon name="lock" />
        <h1 id="lock-title">{text.title}</h1>
        <p className="dim">{text.about}</p>
        <input type="text" name="username" value="phyllome" autoComplete="username" readOnly hidden />
        <input
          className="input"
          type="password"
          aria-label={text.password}
          placeholder={text.password}
          autoComplete="current-password"
          maxLength={1024}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Button
          label={text.unlock}
          kind="suggested"
          pill
          type="submit"
          disabled={action.busy || password === ''}
        />
        <ErrorNote error={action.error} />
      </form>
    </dialog>
  );
}
