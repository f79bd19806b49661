// SPDX-License-Identifier: Apache-2.0
import { createContext, useCallback, useContext, useMemo, useRef, useState, type ReactNode } from 'react';
import { useText } from '../text/language.ts';
import { Button } from './button.tsx';

interface Toast {
  id: number;
  text: string;
  /** One thing to do about it, e.g. undo */
  action?: { label: string; run(): void };
}

interface Toasts {
  /** Shows a text for some seconds; screen readers say it. */
  show(text: string, action?: Toast['action']): void;
  /** Only said by screen readers: what others see happen. */
  announce(text: string): void;
}

const ToastsContext = createContext<Toasts | null>(null);

export function useToasts(): Toasts {
  const toasts = useContext(ToastsContext);
  if (toasts === null) throw new Error('outside of <ToastArea>');
  return toasts;
}

// Time to read it and, where there is a button, to reach that (ms).
const shownFor = { text: 5000, action: 12_000 };

export function ToastArea({ children }: { children: ReactNode }) {
  const text = useText().common;
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const [said, setSaid] = useState('');
  const next = useRef(0);

  const remove = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), []);
  const value = useMemo<Toasts>(
    () => ({
      show(text, action) {
        const id = (next.current += 1);
        // Three at most: more would hide the page.
        setToasts((all) => [...all.slice(-2), { id, text, ...(action !== undefined && { action }) }]);
        setTimeout(() => remove(id), action === undefined ? shownFor.text : shownFor.action);
      },
      announce: setSaid,
    }),
    [remove],
  );

  return (
    <ToastsContext value={value}>
      {children}
      <div className="visually-hidden" role="status">
        {said}
      </div>
      <div className="toasts" role="status">
        {toasts.map(({ id, text: words, action }) => (
          <div key={id} className="toast">
            <span>{words}</span>
            {action !== undefined && (
              <Button
                label={action.label}
                onClick={() => {
                  remove(id);
                  action.run();
                }}
              />
            )}
            <Button label={text.close} icon="close" kind="flat" iconOnly onClick={() => remove(id)} />
          </div>
        ))}
      </div>
    </ToastsContext>
  );
}
