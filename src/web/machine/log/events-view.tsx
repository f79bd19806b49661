// SPDX-License-Identifier: Apache-2.0
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from '../../parts/button.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { call } from '../../service/api.ts';
import { keys } from '../../service/keys.ts';
import { useText } from '../../text/language.ts';
import { EventRow } from './event-row.tsx';
import { withoutEchoes } from './without-echoes.ts';

// How many are asked for at a time.
const page = 50;

/** What happened to a machine, newest first. New events come by themselves. */
export function EventsView({ machineId }: { machineId: string }) {
  const { log: text } = useText();
  const query = useInfiniteQuery({
    queryKey: keys.events(machineId),
    queryFn: ({ pageParam, signal }) =>
      call('machineEvents', {
        params: { ref: machineId },
        query: { limit: page, ...(pageParam !== null && { before: pageParam }) },
        signal,
      }),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => (last.length < page ? undefined : last.at(-1)?.id),
  });
  return (
    <Loaded query={query}>
      {({ pages }) => {
        const events = withoutEchoes(pages.flat());
        if (events.length === 0) return <p className="dim">{text.nothing}</p>;
        return (
          <>
            <ol className="card list" aria-label={text.views.events}>
              {events.map((event) => (
                <li key={event.id}>
                  <EventRow event={event} />
                </li>
              ))}
            </ol>
            <ErrorNote error={query.error} />
            {query.hasNextPage && (
              <div>
                <Button
                  label={text.older}
                  disabled={query.isFetchingNextPage}
                  onClick={() => void query.fetchNextPage()}
                />
              </div>
            )}
          </>
        );
      }}
    </Loaded>
  );
}
