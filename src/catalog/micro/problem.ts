// SPDX-License-Identifier: Apache-2.0
import { PhyllomeError } from '../../contract/errors.ts';

/** The error for an image that cannot become a machine. @param reason the rest of "IMAGE cannot be used: ..." */
export function imageInvalid(image: string, reason: string, cause?: unknown): PhyllomeError {
  return new PhyllomeError('micro-image-invalid', { image, reason: reason }, { cause });
}
