// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { Button } from '../parts/button.tsx';
import { useToasts } from '../parts/toasts.tsx';
import { useText } from '../text/language.ts';

/** Puts a text onto the clipboard of the person, and says whether that went well. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const { common, log } = useText();
  const toasts = useToasts();
  const [refused, setRefused] = useState(false);
  const copy = (): void => {
    // Browsers may refuse it (settings, an old version); the text can still be selected.
    navigator.clipboard.writeText(text).then(
      () => {
        setRefused(false);
        toasts.show(common.copied);
      },
      () => setRefused(true),
    );
  };
  return (
    <>
      {refused && (
        <span className="small field-problem" role="alert">
          {log.copyRefused}
        </span>
      )}
      <Button label={label} title={label} icon="clipboard" iconOnly kind="flat" onClick={copy} />
    </>
  );
}
