// SPDX-License-Identifier: Apache-2.0
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { MachineVerdicts, VmmOverview } from '../../contract/vmm.ts';
import { call } from '../service/api.ts';
import { keys } from '../service/keys.ts';

export function useVmms(): UseQueryResult<VmmOverview[]> {
  return useQuery({ queryKey: keys.vmms, queryFn: ({ signal }) => call('listVmms', { signal }) });
}

/** @param wanted whether anybody looks: every VMM of the PC may have to be asked */
export function useVerdicts(machineId: string, wanted: boolean): UseQueryResult<MachineVerdicts> {
  return useQuery({
    queryKey: keys.verdicts(machineId),
    queryFn: ({ signal }) => call('judgeMachine', { params: { ref: machineId }, signal }),
    enabled: wanted,
  });
}
