// SPDX-License-Identifier: Apache-2.0
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { useText } from '../text/language.ts';
import { useAction } from './action.ts';
import { Button } from './button.tsx';
import { ErrorNote } from './error-note.tsx';

interface DialogProps {
  title: string;
  children: ReactNode;
  onClose(): void;
  /** Buttons at the end; without them the dialog has only its close button */
  footer?: ReactNode;
  wide?: boolean;
  /** Escape and the close button do nothing while something is under way that closing would lose */
  locked?: boolean;
}

/** A modal dialog for as long as it is rendered. The browser keeps the focus inside and gives it back. */
export function Dialog({ title, children, onClose, footer, wide = false, locked = false }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const { close } = useText().common;
  useEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={element}
      className={wide ? 'dialog wide' : 'dialog'}
      aria-labelledby={heading}
      onCancel={(event) => {
        // React's state decides what is open, not the browser. A file input inside bubbles its own "cancel".
        event.preventDefault();
        if (event.target === element.current && !locked) onClose();
      }}
    >
      <header>
        <span />
        <h2 id={heading}>{title}</h2>
        <Button label={close} icon="close" kind="flat" iconOnly disabled={locked} onClick={onClose} />
      </header>
      <div className="dialog-body">{children}</div>
      {footer !== undefined && <footer>{footer}</footer>}
    </dialog>
  );
}

interface ConfirmProps {
  title: string;
  children: ReactNode;
  /** What the button does, in one or two words */
  label: string;
  destructive?: boolean;
  work(): Promise<unknown>;
  onClose(): void;
}

/** Asks before something is done; an error stays in the dialog. */
export function Confirm({ title, children, label, destructive = false, work, onClose }: ConfirmProps) {
  const { cancel } = useText().common;
  const action = useAction(work);
  return (
    <Dialog
      title={title}
      onClose={onClose}
      locked={action.busy}
      footer={
        <>
          <Button label={cancel} onClick={onClose} disabled={action.busy} />
          <Button
            label={label}
            kind={destructive ? 'destructive' : 'suggested'}
            disabled={action.busy}
            onClick={() => {
              void action.run().then((done) => {
                if (done) onClose();
              });
            }}
          />
        </>
      }
    >
      {children}
      <ErrorNote error={action.error} />
    </Dialog>
  );
}
