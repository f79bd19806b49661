// SPDX-License-Identifier: Apache-2.0
import { useId, useState } from 'react';
import type { Machine } from '../../../contract/api.ts';
import { useAction } from '../../parts/action.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { call } from '../../service/api.ts';
import { createSignal, useSignal } from '../../service/signal.ts';
import { useText } from '../../text/language.ts';
import type { GuestScreen } from './guest-screen.ts';

const nothing = createSignal<string | null>(null);

/**
 * Text between this PC and the guest. Nothing crosses by itself: a guest can neither read what was copied on
 * this PC nor replace it.
 */
export function ClipboardDialog({
  machine,
  screen,
  onClose,
}: {
  machine: Machine;
  screen: GuestScreen | null;
  onClose(): void;
}) {
  const {
    screen: { clipboard: text },
    common,
  } = useText();
  const toasts = useToasts();
  const copied = useSignal(screen?.copied ?? nothing);
  const [given, setGiven] = useState('');
  const id = useId();
  const running = machine.state.name === 'running';
  const type = useAction(() => call('typeText', { params: { ref: machine.id }, body: { text: given } }));
  const copy = useAction(async () => {
    await navigator.clipboard.writeText(copied ?? '');
    toasts.show(common.copied);
  });

  return (
    <Dialog title={text.title} onClose={onClose} locked={type.busy}>
      <div className="field">
        <label htmlFor={`${id}-to`}>{text.to}</label>
        <textarea
          id={`${id}-to`}
          className="input mono"
          rows={4}
          maxLength={10_000}
          value={given}
          aria-describedby={`${id}-about`}
          onChange={(event) => setGiven(event.target.value)}
        />
        <p id={`${id}-about`} className="dim small">
          {text.about}
        </p>
        <div className="button-row">
          <Button
            label={text.offer}
            icon="clipboard"
            disabled={given === '' || screen === null || machine.definition?.clipboard !== true}
            onClick={() => {
              screen?.offer(given);
              toasts.show(text.offered);
            }}
          />
          <Button
            label={type.busy ? text.typing : text.type}
            icon="keyboard"
            disabled={given === '' || type.busy || !running}
            {...(machine.lacks?.includes('keyboard') === true && { reason: common.lacking })}
            onClick={() => void type.run()}
          />
        </div>
        <ErrorNote error={type.error} />
      </div>
      <div className="field">
        <label htmlFor={`${id}-from`}>{text.from}</label>
        <textarea
          id={`${id}-from`}
          className="input mono"
          rows={4}
          readOnly
          value={copied ?? ''}
          placeholder={text.nothing}
        />
        <div className="button-row">
          <Button
            label={common.copy}
            icon="clipboard"
            disabled={copied === null}
            onClick={() => void copy.run()}
          />
        </div>
        <ErrorNote error={copy.error} />
      </div>
    </Dialog>
  );
}
