// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, useState } from 'react';
import type { HostKey } from '../../contract/favourite.ts';
import { isAllowed } from '../machine/allowed.ts';
import type { GuestScreen } from '../machine/screen/guest-screen.ts';
import { useGuestScreen } from '../machine/screen/use-guest-screen.ts';
import { useMachine } from '../service/queries.ts';
import { useSignal } from '../service/signal.ts';
import { useText } from '../text/language.ts';
import { useKioskText } from './words.ts';

interface GuestFullProps {
  machine: { id: string; name: string };
  hostKey: HostKey;
  /** Something else has the keyboard for the moment */
  held: boolean;
}

// How long it is said how to come back (ms).
const said = 3000;

/** A machine and nothing else. Keyboard and pointer are the guest's; the host key is watched by whoever shows this. */
export function GuestFull({ machine: { id, name }, hostKey, held }: GuestFullProps) {
  const text = useKioskText();
  const state = useMachine(id).data?.state.name ?? 'starting';
  const live = isAllowed('look', state);
  const [hint, setHint] = useState(true);
  useEffect(() => {
    const timer = setTimeout(() => setHint(false), said);
    return () => clearTimeout(timer);
  }, []);
  return (
    <main className="guest-full" aria-label={name}>
      {live ? (
        <LiveGuest id={id} name={name} held={held} paused={state === 'paused'} />
      ) : (
        <p className="guest-full-state" role="status">
          {text.starting(name)}
        </p>
      )}
      <p className={hint ? 'guest-full-hint' : 'guest-full-hint gone'} role="status">
        <b>{text.entered(text.hostKeys[hostKey])}</b>
        <br />
        <span className="small">{text.enteredMore}</span>
      </p>
    </main>
  );
}

interface LiveGuestProps {
  id: string;
  name: string;
  held: boolean;
  paused: boolean;
}

function LiveGuest({ id, name, held, paused }: LiveGuestProps) {
  const { screen: words } = useText();
  const area = useRef<HTMLDivElement>(null);
  const screen = useGuestScreen({
    area,
    machineId: id,
    label: words.canvas(name),
    fit: 'follow',
    speed: 'quick',
    keepsKeys: true,
  });
  return (
    <>
      <div ref={area} className="guest-full-area" />
      {screen !== null && <Status screen={screen} name={name} paused={paused} held={held} />}
    </>
  );
}

/** Gives the keyboard to the guest whenever nobody else has it, and says why the picture does not move. */
function Status({ screen, name, paused, held }: Omit<LiveGuestProps, 'id'> & { screen: GuestScreen }) {
  const text = useKioskText();
  const link = useSignal(screen.link);
  const grabbed = useSignal(screen.grabbed);
  useEffect(() => {
    if (link === 'connected' && !grabbed && !held) screen.focus();
  }, [screen, link, grabbed, held]);
  if (link === 'connected' && !paused) return null;
  return (
    <p className="guest-full-state" role="status">
      {paused ? text.paused(name) : text.waiting(name)}
    </p>
  );
}
