// SPDX-License-Identifier: Apache-2.0
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { BinStatus } from '../../contract/bin.ts';
import { call } from '../service/api.ts';
import { keys } from '../service/keys.ts';

export function useBinStatus(): UseQueryResult<BinStatus> {
  return useQuery({ queryKey: keys.binStatus, queryFn: ({ signal }) => call('binStatus', { signal }) });
}
