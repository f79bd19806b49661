// SPDX-License-Identifier: Apache-2.0
import type { MachineSummary } from '../../contract/api.ts';
import { useText } from '../text/language.ts';
import { guestName } from './guest-name.ts';

/** What to call the system of a machine; that of a broken machine is not known. */
export function useSystemName(): (machine: Pick<MachineSummary, 'guestOs'>) => string {
  const { home, common } = useText();
  return ({ guestOs }) => (guestOs === null ? common.unknown : (guestName(guestOs) ?? home.otherSystem));
}
