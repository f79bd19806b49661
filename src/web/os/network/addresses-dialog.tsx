// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import type { NetworkDevice } from '../../../contract/network.ts';
import { SelectRow, TextRow } from '../../parts/rows.tsx';
import { call } from '../../service/api.ts';
import { ChangeDialog } from './change-dialog.tsx';
import { useNetworkWords } from './words.ts';

const isIpv4 = (address: string | null): address is string => address !== null && !address.includes(':');

/** Where a device has its IPv4 addresses from. */
export function AddressesDialog({ device, onClose }: { device: NetworkDevice; onClose(): void }) {
  const words = useNetworkWords();
  const [kind, setKind] = useState(device.connection?.addresses ?? 'dhcp');
  const [address, setAddress] = useState(device.addresses.find(isIpv4) ?? '');
  const [gateway, setGateway] = useState(isIpv4(device.gateway) ? device.gateway : '');
  const [nameserver, setNameserver] = useState(device.nameservers.find(isIpv4) ?? '');
  return (
    <ChangeDialog
      title={words.addressesOf(device.name)}
      label={words.apply}
      onClose={onClose}
      begin={() =>
        call('setAddresses', {
          params: { name: device.name },
          body: {
            addresses:
              kind === 'dhcp'
                ? 'dhcp'
                : {
                    address: address.trim(),
                    ...(gateway.trim() !== '' && { gateway: gateway.trim() }),
                    nameservers: nameserver.trim() === '' ? [] : [nameserver.trim()],
                  },
          },
        })
      }
    >
      <div className="card list">
        <SelectRow<'dhcp' | 'static'>
          title={words.title}
          value={kind}
          onChange={setKind}
          options={[
            { value: 'dhcp', label: words.dhcp },
            { value: 'static', label: words.fixed },
          ]}
        />
        {kind === 'static' && (
          <>
            <TextRow
              title={words.address}
              subtitle={words.addressHint}
              value={address}
              onChange={setAddress}
              mono
            />
            <TextRow title={words.gateway} value={gateway} onChange={setGateway} mono />
            <TextRow title={words.nameserver} value={nameserver} onChange={setNameserver} mono />
          </>
        )}
      </div>
    </ChangeDialog>
  );
}
