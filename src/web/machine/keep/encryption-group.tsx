// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import type { Machine } from '../../../contract/api.ts';
import { Button } from '../../parts/button.tsx';
import { Group, Row } from '../../parts/rows.tsx';
import { possibleWhile, useHindrance } from '../hindrance.ts';
import { DecryptDialog, EncryptDialog } from './encryption-dialogs.tsx';
import { useKeepText } from './words.ts';

/** Whether the disks are encrypted, who opens them, and the way to the other. */
export default function EncryptionGroup({ machine, unsaved }: { machine: Machine; unsaved: string | null }) {
  const { encryption: text } = useKeepText();
  const hindrance = useHindrance(machine)(possibleWhile.off) ?? unsaved;
  // Not by whether it is encrypted: that changes while the dialog is still open.
  const [open, setOpen] = useState<'encrypt' | 'decrypt' | null>(null);
  const encryption = machine.definition?.encryption;
  const isOn = encryption !== undefined;
  const close = () => setOpen(null);
  return (
    <Group title={text.title}>
      <Row
        icon={isOn ? 'lock' : 'disk'}
        title={isOn ? text.on : text.off}
        subtitle={isOn ? text.holders[encryption.key] : text.offAbout}
        end={
          <Button
            label={isOn ? text.decrypt : text.encrypt}
            {...(hindrance !== null && { reason: hindrance })}
            onClick={() => setOpen(isOn ? 'decrypt' : 'encrypt')}
          />
        }
      />
      {open === 'decrypt' && <DecryptDialog machine={machine} onClose={close} />}
      {open === 'encrypt' && <EncryptDialog machine={machine} onClose={close} />}
    </Group>
  );
}
