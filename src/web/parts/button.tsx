// SPDX-License-Identifier: Apache-2.0
import type { ButtonHTMLAttributes } from 'react';
import { Link } from 'wouter';
import { Icon, type IconName } from './icon.tsx';

export type ButtonKind = 'normal' | 'suggested' | 'destructive' | 'flat';

interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'children'> {
  label: string;
  icon?: IconName;
  kind?: ButtonKind;
  pill?: boolean;
  /** Only the icon is shown; the label is said by screen readers and in the tooltip */
  iconOnly?: boolean;
  /** Why it cannot be pressed now. It can still be reached, so that everybody hears why */
  reason?: string;
}

const classes = (kind: ButtonKind, pill: boolean, iconOnly: boolean): string =>
  ['button', kind, pill && 'pill', iconOnly && 'icon-only'].filter(Boolean).join(' ');

export function Button({
  label,
  icon,
  kind = 'normal',
  pill = false,
  iconOnly = false,
  reason,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={classes(kind, pill, iconOnly)}
      {...(iconOnly && { 'aria-label': label, title: label })}
      {...(reason !== undefined && { 'aria-disabled': true, title: reason, onClick: undefined })}
    >
      {icon !== undefined && <Icon name={icon} />}
      {!iconOnly && label}
    </button>
  );
}

interface LinkButtonProps {
  label: string;
  href: string;
  icon?: IconName;
  kind?: ButtonKind;
  pill?: boolean;
  iconOnly?: boolean;
}

/** Looks like a button and leads to another view. */
export function LinkButton({
  label,
  href,
  icon,
  kind = 'normal',
  pill = false,
  iconOnly = false,
}: LinkButtonProps) {
  return (
    <Link
      href={href}
      className={classes(kind, pill, iconOnly)}
      {...(iconOnly && { 'aria-label': label, title: label })}
    >
      {icon !== undefined && <Icon name={icon} />}
      {!iconOnly && label}
    </Link>
  );
}
