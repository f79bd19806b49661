// SPDX-License-Identifier: Apache-2.0
import { Button } from '../../parts/button.tsx';
import { useText } from '../../text/language.ts';

/** Saves the lines as they are, unlike those that are shown, which have no control characters. */
export function DownloadLink({ name, lines }: { name: string; lines: readonly string[] }) {
  const { log: text } = useText();
  const save = (): void => {
    const url = URL.createObjectURL(
      new Blob([`${lines.join('\n')}\n`], { type: 'text/plain;charset=utf-8' }),
    );
    const link = document.createElement('a');
    link.href = url;
    link.download = name;
    link.click();
    URL.revokeObjectURL(url);
  };
  return <Button label={text.download} icon="download" iconOnly kind="flat" onClick={save} />;
}
