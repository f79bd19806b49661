// SPDX-License-Identifier: Apache-2.0
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { OsStatus } from '../../contract/os.ts';
import { call } from '../service/api.ts';
import { keys } from '../service/keys.ts';

export function useOsStatus(): UseQueryResult<OsStatus> {
  return useQuery({ queryKey: keys.os, queryFn: ({ signal }) => call('osStatus', { signal }) });
}
