// SPDX-License-Identifier: Apache-2.0
import { lazy, Suspense, useEffect, useRef, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { Button } from '../parts/button.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';
import { StatusPage } from '../parts/status-page.tsx';
import { useConnection } from '../service/context.ts';
import { useFavourite, useTasks } from '../service/queries.ts';
import { useOsStatus } from '../os/queries.ts';
import { useSignal } from '../service/signal.ts';
import { useText } from '../text/language.ts';
import { Announcer } from './announcer.tsx';
import { Defects } from './defects.tsx';
import './shell.css';

// Only a live system shows it.
const LiveBanner = lazy(() => import('../install/live-banner.tsx'));

/** What surrounds every view: the way to the others, and whether the service answers. */
export function Shell({ children }: { children: ReactNode }) {
  const { common } = useText();
  const link = useSignal(useConnection().link);
  const [location] = useLocation();
  const isLive = useOsStatus().data?.image?.live === true;
  const main = useRef<HTMLElement>(null);

  // A new view begins at its top, and the keyboard and the screen reader go on there.
  const view = location.split('/').slice(0, 3).join('/');
  const first = useRef(true);
  useEffect(() => {
    // A view that has a place for the keyboard of its own has put it there by now.
    const isPlaced = main.current?.contains(document.activeElement) === true;
    if (first.current) first.current = false;
    else if (!isPlaced) main.current?.focus({ preventScroll: true });
    main.current?.scrollTo(0, 0);
  }, [view]);

  if (link === 'signed-out')
    return (
      <main>
        <StatusPage icon="shield" title={common.link.signedOutTitle} text={common.link.signedOut}>
          {/* The service then shows its own page, which takes the password. */}
          <Button label={common.link.signIn} kind="suggested" pill onClick={() => window.location.reload()} />
        </StatusPage>
      </main>
    );
  return (
    <div className="shell">
      <a
        className="skip button suggested"
        href="#content"
        onClick={(event) => {
          // The part after "#" is the address of the view.
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {common.skipToContent}
      </a>
      <Navigation location={location} />
      <div className="shell-content">
        {link === 'lost' && (
          <div className="banner warn" role="alert">
            <Icon name="warning" />
            {common.link.lost}
          </div>
        )}
        {isLive && location !== '/install' && (
          <Suspense fallback={null}>
            <LiveBanner />
          </Suspense>
        )}
        <main ref={main} id="content" tabIndex={-1}>
          <Defects key={view}>{children}</Defects>
        </main>
      </div>
      <Announcer />
    </div>
  );
}

function Navigation({ location }: { location: string }) {
  const { nav, appName } = useText().common;
  const favourite = useFavourite().data;
  const image = useOsStatus().data?.image;
  const running = useTasks().data?.filter(({ state }) => state === 'running').length ?? 0;
  const views: { href: string; label: string; icon: IconName; badge?: number; current: boolean }[] = [
    {
      href: '/',
      label: nav.machines,
      icon: 'machines',
      current: location === '/' || /^\/(machines|new)/.test(location),
    },
    { href: '/tasks', label: nav.tasks, icon: 'tasks', badge: running, current: location === '/tasks' },
    { href: '/bin', label: nav.bin, icon: 'bin', current: location === '/bin' },
    // Where a screen listens, or a machine is to have it.
    ...((favourite?.displays ?? 0) > 0 || (favourite?.machine ?? null) !== null
      ? [{ href: '/remote', label: nav.screen, icon: 'screen' as const, current: location === '/remote' }]
      : []),
    // Where the whole PC is ours.
    ...(image === null || image === undefined
      ? []
      : [{ href: '/os', label: nav.system, icon: 'shield' as const, current: location === '/os' }]),
    { href: '/pc', label: nav.thisPc, icon: 'computer', current: location.startsWith('/pc') },
  ];
  return (
    <nav className="navigation" aria-label={nav.label}>
      <p className="navigation-title">
        <img src="/icon.svg" alt="" width="24" height="24" />
        {appName}
      </p>
      <ul>
        {views.map(({ href, label, icon, badge = 0, current }) => (
          <li key={href}>
            <Link href={href} {...(current && { 'aria-current': 'page' as const })}>
              <Icon name={icon} />
              <span>{label}</span>
              {badge > 0 && (
                <span className="badge" aria-label={nav.tasksRunning(badge)}>
                  {badge}
                </span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
