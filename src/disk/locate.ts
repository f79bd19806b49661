// SPDX-License-Identifier: Apache-2.0
import { isAbsolute, join } from 'node:path';

/** Where a file of a definition is: relative ones are in the machine's folder. */
export function locate(machineDirectory: string, file: string): string {
  return isAbsolute(file) ? file : join(machineDirectory, file);
}
