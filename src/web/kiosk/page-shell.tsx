// SPDX-License-Identifier: Apache-2.0
import { lazy, Suspense, type ReactNode } from 'react';
import { Shell } from '../shell/shell.tsx';
import { isKiosk } from './kiosk-mode.ts';

const KioskLayer = lazy(() => import('./kiosk-layer.tsx'));

/** What surrounds every view. On the screen of this PC a machine can stand in place of all of it. */
export function PageShell({ children }: { children: ReactNode }) {
  const page = <Shell>{children}</Shell>;
  if (!isKiosk()) return page;
  return (
    <Suspense>
      <KioskLayer>{page}</KioskLayer>
    </Suspense>
  );
}
