// SPDX-License-Identifier: Apache-2.0
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { DoctorReport } from '../../contract/doctor.ts';
import type { FixPlan } from '../../contract/fix.ts';
import { call } from '../service/api.ts';
import { keys } from '../service/keys.ts';

export function useDoctor(): UseQueryResult<DoctorReport> {
  return useQuery({ queryKey: keys.doctor, queryFn: ({ signal }) => call('doctor', { signal }) });
}

export function useFixes(): UseQueryResult<FixPlan[]> {
  return useQuery({ queryKey: keys.fixes, queryFn: ({ signal }) => call('listFixes', { signal }) });
}
