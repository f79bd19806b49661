// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import type { Identified } from '../../contract/catalog.ts';
import { call } from '../service/api.ts';
import { keys } from '../service/keys.ts';

/** What a file of this PC is recognised as; null while that is looked at, where it failed, and without a file. */
export function useIdentified(file: string | null): Identified | null {
  const query = useQuery({
    queryKey: keys.identified(file),
    queryFn: ({ signal }) => call('identifyImage', { query: { file: file ?? '' }, signal }),
    enabled: file !== null,
    // It may be another file under the same name each time.
    staleTime: 0,
  });
  return file === null ? null : (query.data ?? null);
}
