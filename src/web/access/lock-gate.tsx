// SPDX-License-Identifier: Apache-2.0
import { lazy, Suspense } from 'react';
import { useConnection } from '../service/context.ts';
import { useSignal } from '../service/signal.ts';

const LockScreen = lazy(() => import('./lock-screen.tsx'));

/** Asks for the password while this browser is locked; what was begun on the page stays behind it. */
export function LockGate() {
  const link = useSignal(useConnection().link);
  if (link !== 'locked') return null;
  return (
    <Suspense>
      <LockScreen />
    </Suspense>
  );
}
