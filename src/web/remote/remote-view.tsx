// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import type { MachineSummary } from '../../contract/api.ts';
import type { Favourite } from '../../contract/favourite.ts';
import { fetchScreenshot } from '../home/fetch-screenshot.ts';
import { createThumbnailFeed } from '../home/thumbnail-feed.ts';
import { useKioskText } from '../kiosk/words.ts';
import { useAction } from '../parts/action.ts';
import { Button } from '../parts/button.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { call } from '../service/api.ts';
import { useFavourite, useMachines } from '../service/queries.ts';
import { Header } from '../shell/header.tsx';
import { useFormats } from '../text/language.ts';
import { FavouriteGroup } from './favourite-group.tsx';
import { RemoteMachine } from './remote-machine.tsx';
import './remote.css';

/** The screen of this PC from somewhere else, a phone for one: what it shows, and big buttons for something else. */
export default function RemoteView() {
  const { title } = useKioskText();
  const favourite = useFavourite();
  const machines = useMachines();
  return (
    <>
      <Header title={title} />
      <div className="view remote">
        <Loaded query={favourite}>
          {(found) => (
            <Loaded query={machines}>{(all) => <Content favourite={found} machines={all} />}</Loaded>
          )}
        </Loaded>
      </div>
    </>
  );
}

interface ContentProps {
  favourite: Favourite;
  machines: readonly MachineSummary[];
}

function Content({ favourite, machines }: ContentProps) {
  const text = useKioskText();
  const { compare } = useFormats();
  const [feed] = useState(() =>
    createThumbnailFeed(fetchScreenshot, () => document.visibilityState === 'visible'),
  );
  const show = useAction((machine: string | null) =>
    call('showOnScreen', {
      body: machine === null ? { show: 'host' } : { show: 'machine', machine },
    }),
  );
  const { screen, displays } = favourite;
  const shown = screen.show === 'machine' ? screen.machine.id : null;
  const usable = machines
    .filter(({ display, template }) => display && template !== true)
    .toSorted((a, b) => compare(a.name, b.name));
  return (
    <>
      {displays === 0 && <p className="note">{text.none}</p>}
      <ErrorNote error={show.error} />
      <section aria-labelledby="remote-now" className="remote-now">
        <h2 id="remote-now">{text.now}</h2>
        <p className="remote-shown">
          <bdi>{screen.show === 'host' ? text.host : screen.machine.name}</bdi>
        </p>
        <Button
          label={text.showHost}
          icon="machines"
          kind="suggested"
          disabled={show.busy || shown === null}
          onClick={() => void show.run(null)}
        />
      </section>
      <section aria-labelledby="remote-machines">
        <h2 id="remote-machines">{text.machines}</h2>
        {usable.length === 0 && <p className="dim">{text.noMachines}</p>}
        <ul className="remote-list">
          {usable.map((machine) => (
            <RemoteMachine
              key={machine.id}
              machine={machine}
              feed={feed}
              shown={machine.id === shown}
              busy={show.busy}
              onShow={() => void show.run(machine.id)}
            />
          ))}
        </ul>
      </section>
      <FavouriteGroup favourite={favourite} machines={machines} />
    </>
  );
}
