// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import type { NetworkDevice } from '../../../contract/network.ts';
import { Button } from '../../parts/button.tsx';
import { AddressesDialog } from './addresses-dialog.tsx';
import { MakeBridgeDialog, RemoveBridgeDialog } from './bridge-dialogs.tsx';
import { useNetworkWords } from './words.ts';

/** What can be changed about a device. The ports of a bridge have nothing of their own. */
export function DeviceButtons({ device }: { device: NetworkDevice }) {
  const words = useNetworkWords();
  const [open, setOpen] = useState<'addresses' | 'bridge' | 'remove' | null>(null);
  const { name, kind, bridge } = device;
  const close = (): void => setOpen(null);
  if (bridge !== null || (kind !== 'wired' && kind !== 'bridge')) return null;
  return (
    <>
      <Button
        label={words.addresses}
        aria-label={words.addressesOf(name)}
        onClick={() => setOpen('addresses')}
      />
      {kind === 'wired' ? (
        <Button
          label={words.bridgeButton}
          aria-label={words.bridgeTitle(name)}
          onClick={() => setOpen('bridge')}
        />
      ) : (
        <Button
          label={words.removeBridge}
          aria-label={words.removeTitle(name)}
          onClick={() => setOpen('remove')}
        />
      )}
      {open === 'addresses' && <AddressesDialog device={device} onClose={close} />}
      {open === 'bridge' && <MakeBridgeDialog device={device} onClose={close} />}
      {open === 'remove' && <RemoveBridgeDialog device={device} onClose={close} />}
    </>
  );
}
