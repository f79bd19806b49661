// SPDX-License-Identifier: Apache-2.0
import { useState, type ReactNode } from 'react';
import { Icon, type IconName } from '../../parts/icon.tsx';

interface ExpanderProps {
  title: string;
  subtitle?: string;
  icon: IconName;
  /** Something in it is wrong */
  wrong: boolean;
  /** Open from the beginning: it was just added */
  fresh: boolean;
  /** What is in it may be fetched only then */
  onOpen?(): void;
  children: ReactNode;
}

/** A row of a boxed list that opens to show the fields of one entry. */
export function Expander({ title, subtitle, icon, wrong, fresh, onOpen, children }: ExpanderProps) {
  const [open, setOpen] = useState(fresh || wrong);
  return (
    <details
      className="expander"
      open={open}
      onToggle={(event) => {
        setOpen(event.currentTarget.open);
        if (event.currentTarget.open) onOpen?.();
      }}
    >
      <summary className="row">
        <Icon name={wrong ? 'warning' : icon} />
        <span className="row-text">
          <span className="row-title">{title}</span>
          {subtitle !== undefined && (
            <>
              <br />
              <span className="row-subtitle">{subtitle}</span>
            </>
          )}
        </span>
        <Icon name="down" />
      </summary>
      <div className="list expander-content">{children}</div>
    </details>
  );
}
