// SPDX-License-Identifier: Apache-2.0
import { useAction } from '../parts/action.ts';
import { Button } from '../parts/button.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { useToasts } from '../parts/toasts.tsx';
import { useText } from '../text/language.ts';

/** A command for a terminal, with a button that copies it. */
export function Command({ command }: { command: string }) {
  const { common } = useText();
  const toasts = useToasts();
  const copy = useAction(async () => {
    await navigator.clipboard.writeText(command);
    toasts.show(common.copied);
  });
  return (
    <>
      <span className="command">
        <code translate="no">{command}</code>
        <Button label={common.copy} icon="clipboard" kind="flat" iconOnly onClick={() => void copy.run()} />
      </span>
      <ErrorNote error={copy.error} />
    </>
  );
}
