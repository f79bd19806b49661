// SPDX-License-Identifier: Apache-2.0
import type { OsStatus } from '../../contract/os.ts';

/** What is said on a PC with another system. */
export const elsewhere: OsStatus = {
  image: null,
  slots: [],
  pending: null,
  previous: null,
  notice: null,
  protection: { secureBoot: null, tpm2: false, verity: false },
  updates: { channel: null, automatic: 'never', lastCheck: null },
  storage: null,
  guests: [],
};
