// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { CopyButton } from '../machine/copy-button.tsx';
import { useAction } from '../parts/action.ts';
import { Button } from '../parts/button.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { StatusPage } from '../parts/status-page.tsx';
import { call } from '../service/api.ts';
import { useInstallText } from './words.ts';

/** It is installed: the recovery key, once, and the restart. */
export function DoneStep({ disk, recoveryKey }: { disk: string; recoveryKey: string | null }) {
  const { done: text } = useInstallText();
  const [key, setKey] = useState(recoveryKey);
  const forget = useAction(async () => {
    await call('osForgetRecoveryKey');
    setKey(null);
  });
  const restart = useAction(() => call('osPower', { body: { action: 'restart' } }));
  return (
    <div className="install-done">
      <StatusPage icon="check" title={text.title} text={text.text(disk)}>
        <Button
          label={text.restart}
          icon="reset"
          kind="suggested"
          pill
          disabled={restart.busy}
          {...(key !== null && { reason: text.keyFirst })}
          onClick={() => void restart.run()}
        />
      </StatusPage>
      {key !== null && (
        <section className="card install-key" aria-label={text.key}>
          <h2>{text.key}</h2>
          <p>{text.keyAbout}</p>
          <p className="install-key-text mono">{key}</p>
          <div className="button-row">
            <CopyButton text={key} label={text.copy} />
            <Button label={text.print} icon="log" onClick={() => window.print()} />
            <Button label={text.written} icon="check" kind="suggested" onClick={() => void forget.run()} />
          </div>
        </section>
      )}
      <ErrorNote error={forget.error ?? restart.error} />
    </div>
  );
}
