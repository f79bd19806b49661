// SPDX-License-Identifier: Apache-2.0
import type { HostReport, NetworkInterface, PciDevice } from '../../contract/host.ts';
import { Loaded } from '../parts/loaded.tsx';
import { Group, Row } from '../parts/rows.tsx';
import { useHost } from '../service/queries.ts';
import { useFormats, useText } from '../text/language.ts';
import { cardName, groupDevices, isDefined } from './words.ts';

/** What guests can draw with, the network, and devices that could be given to them. */
export function DevicesSection() {
  return (
    <Loaded query={useHost()}>
      {(host) => (
        <>
          <GraphicsPaths host={host} />
          <Network interfaces={host.network} />
          <PciGroups host={host} />
          <Usb host={host} />
        </>
      )}
    </Loaded>
  );
}

function GraphicsPaths({ host }: { host: HostReport }) {
  const { devices } = useText().pc;
  const { possible: words } = devices;
  return (
    <Group title={devices.paths}>
      {host.graphicsPaths.map(({ id, possible, reason }) => (
        <Row
          key={id}
          title={devices.pathNames[id]}
          subtitle={<span lang="en">{reason}</span>}
          end={
            <span className={possible === true ? 'pill good' : 'pill'}>
              {possible === null ? words.unknown : possible ? words.yes : words.no}
            </span>
          }
        />
      ))}
    </Group>
  );
}

function Network({ interfaces }: { interfaces: readonly NetworkInterface[] }) {
  const { devices } = useText().pc;
  const facts = (nic: NetworkInterface): string =>
    [
      devices.networkKinds[nic.kind],
      nic.up !== null && (nic.up ? devices.up : devices.down),
      nic.defaultRoute === true && devices.way,
      nic.bridgeable && devices.bridgeable,
      nic.driver,
    ]
      .filter(isDefined)
      .join(' · ');
  return (
    <Group title={devices.network}>
      {interfaces
        .filter(({ kind }) => kind !== 'loopback')
        .map((nic) => (
          <Row key={nic.name} title={nic.name} subtitle={facts(nic)} icon="network" />
        ))}
    </Group>
  );
}

function PciGroups({ host }: { host: HostReport }) {
  const { devices: text } = useText().pc;
  const formats = useFormats();
  return (
    <Group title={text.pci} description={host.iommu.enabled ? text.pciAbout : text.iommuOff}>
      {host.pciDevices.length === 0 && <p className="row dim">{text.noPci}</p>}
      {groupDevices(host.pciDevices).map(({ group, devices }) => (
        // Closed at first: a PC may have a hundred groups.
        <details key={group} className="pci-group" open={group === null && devices.length <= 12}>
          <summary>
            <span>{group === null ? text.noGroup : text.group(formats.number(group))}</span>
            <span className="dim small ellipsis">
              {devices.map((device) => cardName(device) ?? device.address).join(', ')}
            </span>
          </summary>
          {devices.map((device) => (
            <PciRow key={device.address} device={device} />
          ))}
        </details>
      ))}
    </Group>
  );
}

function PciRow({ device }: { device: PciDevice }) {
  const { devices: text } = useText().pc;
  return (
    <Row
      title={cardName(device) ?? text.unnamed}
      subtitle={[device.address, device.className, device.driver].filter(isDefined).join(' · ')}
    />
  );
}

function Usb({ host }: { host: HostReport }) {
  const { devices: text } = useText().pc;
  const found = host.usbDevices.filter(({ hub }) => !hub);
  return (
    <Group title={text.usb}>
      {found.length === 0 && <p className="row dim">{text.noUsb}</p>}
      {found.map(({ port, vendor, product, vendorId, productId }) => (
        <Row
          key={port}
          title={[vendor, product].filter(isDefined).join(' ') || text.unnamed}
          subtitle={`${port} · ${vendorId}:${productId}`}
        />
      ))}
    </Group>
  );
}
