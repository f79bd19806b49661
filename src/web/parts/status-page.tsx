// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';

/** A whole view that says one thing: nothing is here yet, or something failed. Children are buttons. */
export function StatusPage({
  icon,
  title,
  text,
  children,
}: {
  icon: IconName;
  title: string;
  text?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <div className="status-page">
      <Icon name={icon} />
      <h1>{title}</h1>
      {text !== undefined && <p>{text}</p>}
      {children !== undefined && <div className="button-row">{children}</div>}
    </div>
  );
}
