// SPDX-License-Identifier: Apache-2.0
import { PhyllomeError } from '../../contract/errors.ts';

/** What is signed is not what somebody we know signed. @param file its name or address, for people */
export function refused(file: string, reason: string, cause?: unknown): PhyllomeError {
  return new PhyllomeError('signature-refused', { file, reason }, { cause });
}
