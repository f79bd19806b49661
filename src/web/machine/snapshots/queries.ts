// SPDX-License-Identifier: Apache-2.0
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { streamPaths } from '../../../contract/operations.ts';
import type { SnapshotTree } from '../../../contract/snapshot.ts';
import { apiPath, call } from '../../service/api.ts';
import { keys } from '../../service/keys.ts';

export function useSnapshots(machineId: string): UseQueryResult<SnapshotTree> {
  return useQuery({
    queryKey: keys.snapshots(machineId),
    queryFn: ({ signal }) => call('listSnapshots', { params: { ref: machineId }, signal }),
  });
}

/** The address of the picture that was taken with a snapshot. */
export function pictureOf(machineId: string, snapshot: string): string {
  return apiPath(streamPaths.snapshotPicture, { ref: machineId, snapshot });
}
