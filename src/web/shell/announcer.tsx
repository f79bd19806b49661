// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef } from 'react';
import { useToasts } from '../parts/toasts.tsx';
import { useConnection } from '../service/context.ts';
import { useSignal } from '../service/signal.ts';
import { useText } from '../text/language.ts';

/** Says what changes by itself: states of machines to screen readers, notices and the end of a loss to all. */
export function Announcer() {
  const connection = useConnection();
  const { common } = useText();
  const toasts = useToasts();
  const link = useSignal(connection.link);

  const before = useRef(link);
  useEffect(() => {
    if (before.current === 'lost' && link === 'connected') toasts.show(common.link.back);
    before.current = link;
  }, [link, toasts, common]);

  useEffect(
    () =>
      connection.listen((event) => {
        if (event.type === 'machine.state')
          toasts.announce(common.stateChanged(event.machineName, common.states[event.state.name]));
        if (event.type === 'machine.notice' || event.type === 'machine.warning')
          toasts.show(common.stateChanged(event.machineName, event.text));
      }),
    [connection, toasts, common],
  );
  return null;
}
