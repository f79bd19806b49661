// SPDX-License-Identifier: Apache-2.0
import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { Route, Router, Switch } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import { HomeView } from './home/home-view.tsx';
import { LockGate } from './access/lock-gate.tsx';
import { PageShell } from './kiosk/page-shell.tsx';
import { ToastArea } from './parts/toasts.tsx';
import type { Connection } from './service/connection.ts';
import { ConnectionContext } from './service/context.ts';
import { NotFoundView } from './shell/not-found-view.tsx';
import { TasksView } from './tasks/tasks-view.tsx';
import { TextsContext, type Texts } from './text/language.ts';

// What is not seen first is loaded when it is needed.
const BinView = lazy(() => import('./bin/bin-view.tsx'));
const NewMachineView = lazy(() => import('./new-machine/new-machine-view.tsx'));
const InstallView = lazy(() => import('./install/install-view.tsx'));
const MachineView = lazy(() => import('./machine/machine-view.tsx'));
const OsView = lazy(() => import('./os/os-view.tsx'));
const RemoteView = lazy(() => import('./remote/remote-view.tsx'));
const ThisPcView = lazy(() => import('./this-pc/this-pc-view.tsx'));

/** Every view of the page and its address. Addresses are after "#", so that the service has only one page. */
export function App({ connection, texts }: { connection: Connection; texts: Texts }) {
  return (
    <TextsContext value={texts}>
      <ConnectionContext value={connection}>
        <QueryClientProvider client={connection.queries}>
          <ToastArea>
            <Router hook={useHashLocation}>
              <PageShell>
                <Suspense fallback={<p className="loading dim">{texts.messages.common.loading}</p>}>
                  <Switch>
                    <Route path="/" component={HomeView} />
                    <Route path="/new" component={NewMachineView} />
                    <Route path="/machines/:id/:tab?">
                      {({ id, tab }) => <MachineView key={id} id={id} tab={tab} />}
                    </Route>
                    <Route path="/tasks" component={TasksView} />
                    <Route path="/os" component={OsView} />
                    <Route path="/remote" component={RemoteView} />
                    <Route path="/bin" component={BinView} />
                    <Route path="/install" component={InstallView} />
                    <Route path="/pc/:section?">{({ section }) => <ThisPcView section={section} />}</Route>
                    <Route component={NotFoundView} />
                  </Switch>
                </Suspense>
              </PageShell>
              <LockGate />
            </Router>
          </ToastArea>
        </QueryClientProvider>
      </ConnectionContext>
    </TextsContext>
  );
}
