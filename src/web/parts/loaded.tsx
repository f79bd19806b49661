// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import type { UseQueryResult } from '@tanstack/react-query';
import { useText } from '../text/language.ts';
import { Button } from './button.tsx';
import { ErrorNote } from './error-note.tsx';

/** Shows what a query brought; before that, that it is loading, or why it failed. Old data stays while newer loads. */
export function Loaded<Data>({
  query,
  children,
}: {
  query: UseQueryResult<Data>;
  children: (data: Data) => ReactNode;
}) {
  const { loading, retry } = useText().common;
  if (query.data !== undefined) return children(query.data);
  if (query.error !== null)
    return (
      <div className="group">
        <ErrorNote error={query.error} />
        <div>
          <Button label={retry} onClick={() => void query.refetch()} />
        </div>
      </div>
    );
  return (
    <p className="dim" role="status">
      {loading}
    </p>
  );
}
