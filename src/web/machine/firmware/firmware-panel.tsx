// SPDX-License-Identifier: Apache-2.0
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Machine } from '../../../contract/api.ts';
import { Confirm } from '../../parts/dialog.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { call } from '../../service/api.ts';
import { keys } from '../../service/keys.ts';
import { SecureBootGroup } from './secure-boot-group.tsx';
import { useFirmwareText } from './words.ts';

/** What the firmware of a machine trusts, and the one thing that can be changed about it here. */
export default function FirmwarePanel({ machine }: { machine: Machine }) {
  const text = useFirmwareText();
  const toasts = useToasts();
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const { id, state } = machine;
  const params = { ref: id };
  const key = keys.firmware(id);
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => call('machineFirmware', { params, signal }),
    // The guest changes its variables as it likes, and no event tells of it.
    staleTime: 0,
  });
  const enrol = async (): Promise<void> => {
    queries.setQueryData(key, await call('enrolCertificates', { params }));
    toasts.show(text.done);
  };
  return (
    <>
      <Loaded query={query}>
        {(firmware) => (
          <SecureBootGroup
            state={firmware}
            hindrance={state.name === 'stopped' || state.name === 'crashed' ? null : text.offFirst}
            onEnrol={() => setAsking(true)}
          />
        )}
      </Loaded>
      {asking && (
        <Confirm
          title={text.dialog.title}
          label={text.dialog.label}
          work={enrol}
          onClose={() => setAsking(false)}
        >
          <p>{text.dialog.text}</p>
          <div className="note warn">
            <Icon name="warning" />
            <p>{text.dialog.bitlocker}</p>
          </div>
        </Confirm>
      )}
    </>
  );
}
