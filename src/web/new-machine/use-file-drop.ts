// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, useState } from 'react';

/**
 * Takes files that are dropped anywhere on the page while the component is there.
 * @returns whether files are held over the page now
 */
export function useFileDrop(onFiles: (files: readonly File[]) => void): boolean {
  // Every element on the way sends "enter" and "leave", so they are counted.
  const [depth, setDepth] = useState(0);
  const latest = useRef(onFiles);
  useEffect(() => {
    latest.current = onFiles;
  });

  useEffect(() => {
    const withFiles = (handle: (event: DragEvent) => void) => (event: DragEvent) => {
      // In a dialog there is nowhere to drop a file, but the browser must not open it either.
      if (event.dataTransfer?.types.includes('Files') === true) handle(event);
    };
    const isBehind = (): boolean => document.querySelector('dialog[open]') !== null;
    const enter = withFiles(() => setDepth((before) => before + 1));
    const leave = withFiles(() => setDepth((before) => Math.max(0, before - 1)));
    const over = withFiles((event) => event.preventDefault());
    const drop = withFiles((event) => {
      event.preventDefault();
      setDepth(0);
      if (!isBehind()) latest.current([...(event.dataTransfer?.files ?? [])]);
    });
    addEventListener('dragenter', enter);
    addEventListener('dragleave', leave);
    addEventListener('dragover', over);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragenter', enter);
      removeEventListener('dragleave', leave);
      removeEventListener('dragover', over);
      removeEventListener('drop', drop);
    };
  }, []);
  return depth > 0;
}
