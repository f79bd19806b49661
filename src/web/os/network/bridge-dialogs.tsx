// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import type { NetworkDevice } from '../../../contract/network.ts';
import { TextRow } from '../../parts/rows.tsx';
import { call } from '../../service/api.ts';
import { ChangeDialog } from './change-dialog.tsx';
import { useNetworkWords } from './words.ts';

interface BridgeProps {
  device: NetworkDevice;
  onClose(): void;
}

export function MakeBridgeDialog({ device, onClose }: BridgeProps) {
  const words = useNetworkWords();
  const [name, setName] = useState('br0');
  return (
    <ChangeDialog
      title={words.bridgeTitle(device.name)}
      label={words.make}
      onClose={onClose}
      begin={() => call('makeBridge', { body: { name: name.trim(), device: device.name } })}
    >
      <p>{words.bridgeAbout}</p>
      <div className="card list">
        <TextRow title={words.bridgeName} value={name} maxLength={15} onChange={setName} mono />
      </div>
    </ChangeDialog>
  );
}

export function RemoveBridgeDialog({ device: { name }, onClose }: BridgeProps) {
  const words = useNetworkWords();
  return (
    <ChangeDialog
      title={words.removeTitle(name)}
      label={words.remove}
      destructive
      onClose={onClose}
      begin={() => call('removeBridge', { params: { name } })}
    >
      <p>{words.removeAbout}</p>
    </ChangeDialog>
  );
}
