// SPDX-License-Identifier: Apache-2.0
import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import type { Favourite } from '../../contract/favourite.ts';
import { reportOf } from '../parts/error-note.tsx';
import { useToasts } from '../parts/toasts.tsx';
import { call } from '../service/api.ts';
import { useConnection } from '../service/context.ts';
import { useFavourite } from '../service/queries.ts';
import { useSignal } from '../service/signal.ts';
import { GuestFull } from './guest-full.tsx';
import { watchHostKey } from './host-key.ts';
import { KioskBar } from './kiosk-bar.tsx';
import { KioskMenu } from './kiosk-menu.tsx';
import { useCorner } from './use-corner.ts';
import { useIdle } from './use-idle.ts';
import './kiosk.css';

/** The screen of this PC: the page, or the machine that the service says has the screen. */
export default function KioskLayer({ children }: { children: ReactNode }) {
  const toasts = useToasts();
  const favourite = useFavourite().data;
  const link = useSignal(useConnection().link);
  const [menu, setMenu] = useState(false);
  const { shown, toHost, show } = useShown(favourite);
  // Whoever has to sign in, or to unlock this, does not see a machine before that.
  const isOpen = link === 'connected' || link === 'lost';
  const guest = isOpen ? shown : null;

  const lock = useCallback(() => {
    // Without a password there is nothing to unlock it with; the service says so.
    call('lockSession', { body: {} }).catch((error: unknown) => toasts.show(reportOf(error).message));
  }, [toasts]);
  useIdle(favourite?.lockMinutes ?? null, lock);

  const again = favourite?.machine ?? null;
  const onHostKey = useCallback(() => {
    setMenu(false);
    if (guest !== null) toHost();
    else if (again !== null && isOpen) show(again.id);
  }, [guest, toHost, show, again, isOpen]);
  const hostKey = favourite?.hostKey ?? 'ctrl-alt';
  useEffect(() => watchHostKey(hostKey, onHostKey), [hostKey, onHostKey]);
  const onCorner = useCallback(() => setMenu(guest !== null), [guest]);
  useCorner(onCorner);

  if (guest === null)
    return (
      <div className="kiosk">
        {children}
        {/* Above the page, and behind it for the keyboard: the way past the navigation stays the first stop. */}
        {isOpen && favourite !== undefined && <KioskBar favourite={favourite} onShow={show} onLock={lock} />}
      </div>
    );
  return (
    <>
      <GuestFull key={guest.id} machine={guest} hostKey={hostKey} held={menu} />
      {menu && (
        <KioskMenu
          machine={guest}
          hostKey={hostKey}
          onHost={() => {
            setMenu(false);
            toHost();
          }}
          onShow={(id) => {
            setMenu(false);
            show(id);
          }}
          onLock={() => {
            setMenu(false);
            lock();
          }}
          onClose={() => setMenu(false)}
        />
      )}
    </>
  );
}

/** Which machine is to be seen. The way to the host does not wait for the service: it may be what hangs. */
function useShown(favourite: Favourite | undefined) {
  const toasts = useToasts();
  const [left, setLeft] = useState<Favourite | null>(null);
  const latest = useRef(favourite);
  useEffect(() => {
    latest.current = favourite;
  });
  // Until the service has said something new.
  const isLeft = left !== null && left === favourite;
  const shown = !isLeft && favourite?.screen.show === 'machine' ? favourite.screen.machine : null;
  const toHost = useCallback(() => {
    setLeft(latest.current ?? null);
    call('showOnScreen', { body: { show: 'host' } }).catch((error: unknown) =>
      toasts.show(reportOf(error).message),
    );
  }, [toasts]);
  const show = useCallback(
    (machine: string) => {
      setLeft(null);
      call('showOnScreen', { body: { show: 'machine', machine } }).catch((error: unknown) =>
        toasts.show(reportOf(error).message),
      );
    },
    [toasts],
  );
  return { shown, toHost, show };
}
