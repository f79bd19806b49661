// SPDX-License-Identifier: Apache-2.0
import { streamPaths } from '../../contract/operations.ts';
import { apiPath, failureOf } from '../service/api.ts';

/** The screen of a machine as it is now. @throws ServiceError where there is no picture at the moment */
export async function fetchScreenshot(machineId: string, signal: AbortSignal): Promise<Blob> {
  const response = await fetch(apiPath(streamPaths.screenshot, { ref: machineId }), { signal });
  if (!response.ok) throw await failureOf(response);
  return response.blob();
}
