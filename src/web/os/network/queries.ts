// SPDX-License-Identifier: Apache-2.0
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { NetworkStatus, WifiNetwork } from '../../../contract/network.ts';
import { call } from '../../service/api.ts';
import { keys } from '../../service/keys.ts';

// While a change waits, its seconds run (ms).
const whilePending = 1000;

export function useNetwork(): UseQueryResult<NetworkStatus> {
  return useQuery({
    queryKey: keys.network,
    queryFn: ({ signal }) => call('network', { signal }),
    refetchInterval: ({ state }) => (state.data?.pending == null ? false : whilePending),
  });
}

export function useWifi(enabled: boolean): UseQueryResult<WifiNetwork[]> {
  return useQuery({ queryKey: keys.wifi, queryFn: ({ signal }) => call('listWifi', { signal }), enabled });
}
