// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, useState } from 'react';
import type { Image } from '../../contract/image.ts';
import { useText } from '../text/language.ts';
import { createSpeedometer, freeImageName, upload, type Upload } from './upload.ts';

export interface Uploading {
  send(files: readonly File[]): void;
  /** null while nothing is under way */
  state: { name: string; done: number; total: number; perSecond: number | null } | null;
  /** Why the last one failed; a text is the page's own */
  error: unknown;
  problem: string | null;
  abort(): void;
}

/** One file on its way into the library. Leaving the view ends it, which is why the browser asks before. */
export function useUpload(images: readonly Image[], onImage: (image: Image) => void): Uploading {
  const { what } = useText().create;
  const [state, setState] = useState<Uploading['state']>(null);
  const [error, setError] = useState<unknown>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const current = useRef<Upload | null>(null);

  const isBusy = state !== null;
  useEffect(() => {
    if (!isBusy) return;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [isBusy]);
  useEffect(() => () => current.current?.abort(), []);

  const run = async (file: File): Promise<void> => {
    const name = freeImageName(file.name.normalize('NFC'), images);
    const speed = createSpeedometer(() => performance.now());
    const show = (done: number): void => setState({ name, done, total: file.size, perSecond: speed(done) });
    show(0);
    const running = upload(file, name, show);
    current.current = running;
    try {
      onImage(await running.done);
    } catch (thrown) {
      if (!(thrown instanceof DOMException && thrown.name === 'AbortError')) setError(thrown);
    } finally {
      current.current = null;
      setState(null);
    }
  };

  return {
    send(files) {
      if (current.current !== null) return;
      const [file] = files;
      setError(null);
      setProblem(null);
      if (file === undefined) return;
      if (files.length > 1) setProblem(what.oneFile);
      else if (file.size === 0) setProblem(what.emptyFile(file.name));
      else void run(file);
    },
    state,
    error,
    problem,
    abort: () => current.current?.abort(),
  };
}
