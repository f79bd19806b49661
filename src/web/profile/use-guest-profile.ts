// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import type { GuestProfile } from '../../contract/catalog.ts';
import type { Architecture } from '../../contract/machine.ts';
import { call } from '../service/api.ts';
import { keys } from '../service/keys.ts';

/** What suits a guest on this PC; null while that is not known, and without a guest. */
export function useGuestProfile(
  guest: string | null,
  architecture: Architecture | null,
  unattended: boolean,
): GuestProfile | null {
  const install = unattended ? 'unattended' : 'by-hand';
  const { data } = useQuery({
    queryKey: keys.guestProfile(guest, architecture, install),
    queryFn: ({ signal }) =>
      call('guestProfile', {
        query: { guest: guest ?? 'generic', install, ...(architecture !== null && { architecture }) },
        signal,
      }),
    enabled: guest !== null,
  });
  return data ?? null;
}
