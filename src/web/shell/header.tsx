// SPDX-License-Identifier: Apache-2.0
import { useEffect, type ReactNode } from 'react';
import { LinkButton } from '../parts/button.tsx';
import { useText } from '../text/language.ts';

interface HeaderProps {
  /** Also the title of the browser's window */
  title: string;
  /** Beside the title, e.g. a state */
  beside?: ReactNode;
  /** Leads back to this address */
  back?: string;
  /** Buttons at the end */
  end?: ReactNode;
  /** A second line, e.g. a view switcher */
  children?: ReactNode;
}

/** The bar on top of a view, with the one heading of the first level. */
export function Header({ title, beside, back, end, children }: HeaderProps) {
  const { common } = useText();
  useEffect(() => {
    document.title = `${title} – ${common.appName}`;
  }, [title, common]);
  return (
    <header className="header">
      <div className="header-line">
        {back !== undefined && (
          <LinkButton label={common.back} href={back} icon="back" kind="flat" iconOnly />
        )}
        <h1>{title}</h1>
        {beside}
        <div className="header-end">{end}</div>
      </div>
      {children}
    </header>
  );
}
