// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Loaded } from '../parts/loaded.tsx';
import { call } from '../service/api.ts';
import { keys } from '../service/keys.ts';
import { NetworkGroup } from './network-group.tsx';
import { PasswordGroup } from './password-group.tsx';
import { SessionsGroup } from './sessions-group.tsx';
import './access.css';

/** Who gets at the page, and how: a section of "This PC". */
export function AccessSection(): ReactNode {
  const status = useQuery({
    queryKey: keys.access,
    queryFn: ({ signal }) => call('accessStatus', { signal }),
  });
  return (
    <Loaded query={status}>
      {(access) => (
        <>
          <PasswordGroup access={access} />
          <NetworkGroup access={access} />
          <SessionsGroup access={access} />
        </>
      )}
    </Loaded>
  );
}
