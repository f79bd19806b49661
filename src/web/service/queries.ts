// SPDX-License-Identifier: Apache-2.0
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { BinEntry } from '../../contract/bin.ts';
import type { Machine, MachineSummary, ServiceInfo } from '../../contract/api.ts';
import type { CatalogEntry } from '../../contract/catalog.ts';
import type { Budget } from '../../contract/budget.ts';
import type { Favourite } from '../../contract/favourite.ts';
import type { HostReport } from '../../contract/host.ts';
import type { Task } from '../../contract/task.ts';
import { call } from './api.ts';
import { keys } from './keys.ts';

// What more than one view asks for. A view's own questions are in its folder.

export function useMachines(): UseQueryResult<MachineSummary[]> {
  return useQuery({ queryKey: keys.machines, queryFn: ({ signal }) => call('listMachines', { signal }) });
}

export function useMachine(id: string): UseQueryResult<Machine> {
  return useQuery({
    queryKey: keys.machine(id),
    queryFn: ({ signal }) => call('showMachine', { params: { ref: id }, signal }),
  });
}

export function useTasks(): UseQueryResult<Task[]> {
  return useQuery({ queryKey: keys.tasks, queryFn: ({ signal }) => call('listTasks', { signal }) });
}

export function useBin(): UseQueryResult<BinEntry[]> {
  return useQuery({ queryKey: keys.bin, queryFn: ({ signal }) => call('listBin', { signal }) });
}

export function useCatalog(): UseQueryResult<CatalogEntry[]> {
  return useQuery({ queryKey: keys.catalog, queryFn: ({ signal }) => call('catalog', { signal }) });
}

export function useBudget(): UseQueryResult<Budget> {
  return useQuery({ queryKey: keys.budget, queryFn: ({ signal }) => call('budget', { signal }) });
}

export function useHost(): UseQueryResult<HostReport> {
  return useQuery({ queryKey: keys.host, queryFn: ({ signal }) => call('host', { signal }) });
}

export function useFavourite(): UseQueryResult<Favourite> {
  return useQuery({ queryKey: keys.favourite, queryFn: ({ signal }) => call('favourite', { signal }) });
}

export function useService(): UseQueryResult<ServiceInfo> {
  return useQuery({ queryKey: keys.service, queryFn: ({ signal }) => call('service', { signal }) });
}
