// SPDX-License-Identifier: Apache-2.0
import { useId, useRef, type KeyboardEvent, type ToggleEvent } from 'react';
import { Button, type ButtonKind } from './button.tsx';
import { Icon, type IconName } from './icon.tsx';

export interface MenuItem {
  label: string;
  icon?: IconName;
  destructive?: boolean;
  disabled?: boolean;
  /** Why it cannot be chosen now; it can still be reached, so that everybody hears why */
  reason?: string;
  onSelect(): void;
}

interface MenuProps {
  label: string;
  icon?: IconName;
  kind?: ButtonKind;
  /** Show the label beside the icon */
  labelled?: boolean;
  /** Groups of items, with a line between them */
  groups: readonly (readonly MenuItem[])[];
}

// Distance from the button and from the edges of the window (px).
const gap = 6;

/** A button that opens a menu: the platform's popover, with the keys a menu has. */
export function Menu({ label, icon = 'more', kind = 'flat', labelled = false, groups }: MenuProps) {
  const id = useId();
  const button = useRef<HTMLSpanElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const items = (): HTMLElement[] => [
    ...(menu.current?.querySelectorAll<HTMLElement>('[role=menuitem]:not(:disabled)') ?? []),
  ];

  const onToggle = (event: ToggleEvent<HTMLDivElement>): void => {
    const opener = button.current?.querySelector('button');
    opener?.setAttribute('aria-expanded', String(event.newState === 'open'));
    if (event.newState !== 'open' || menu.current === null || !opener) return;
    place(menu.current, opener);
    items()[0]?.focus();
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const all = items();
    const index = all.indexOf(document.activeElement as HTMLElement);
    const target = {
      ArrowDown: all[(index + 1) % all.length],
      ArrowUp: all[(index - 1 + all.length) % all.length],
      Home: all[0],
      End: all.at(-1),
    }[event.key];
    if (event.key === 'Tab') menu.current?.hidePopover();
    if (target === undefined) return;
    event.preventDefault();
    target.focus();
  };

  return (
    <>
      <span ref={button}>
        <Button
          label={label}
          icon={icon}
          kind={kind}
          iconOnly={!labelled}
          aria-haspopup="menu"
          aria-expanded={false}
          popoverTarget={id}
        />
      </span>
      {/* oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- its items have the focus */}
      <div
        ref={menu}
        id={id}
        popover="auto"
        role="menu"
        aria-label={label}
        className="menu"
        onToggle={onToggle}
        onKeyDown={onKeyDown}
      >
        {groups.map((group, index) => (
          <div key={group[0]?.label} role="none">
            {index > 0 && <hr />}
            {group.map((item) => (
              <button
                key={item.label}
                type="button"
                role="menuitem"
                tabIndex={-1}
                disabled={item.disabled}
                aria-disabled={item.reason !== undefined}
                className={item.destructive === true ? 'menu-item destructive' : 'menu-item'}
                onClick={() => {
                  if (item.reason !== undefined) return;
                  // Closed first: what follows may be a dialog, which wants the focus.
                  menu.current?.hidePopover();
                  item.onSelect();
                }}
              >
                {item.icon !== undefined && <Icon name={item.icon} />}
                {item.reason === undefined ? (
                  item.label
                ) : (
                  <Reasoned label={item.label} reason={item.reason} />
                )}
              </button>
            ))}
          </div>
        ))}
      </div>
    </>
  );
}

function Reasoned({ label, reason }: { label: string; reason: string }) {
  return (
    <span>
      {label}
      <br />
      <span className="small">{reason}</span>
    </span>
  );
}

/** Below the button, or above it when there is no room; never outside of the window. */
function place(menu: HTMLElement, opener: HTMLElement): void {
  const from = opener.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const left = Math.max(gap, Math.min(from.left, innerWidth - width - gap));
  const below = from.bottom + gap;
  const top = below + height < innerHeight ? below : Math.max(gap, from.top - height - gap);
  menu.style.left = `${left}px`;
  menu.style.top = `${top}px`;
}
