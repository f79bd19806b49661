// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PciDevice } from '../contract/host.ts';
import { closureOf, groupsOf, isBridge, slotOf } from './iommu.ts';

function device(address: string, group: number | null, classCode: string | null): PciDevice {
  return {
    address,
    class: classCode,
    className: null,
    vendorId: '8086',
    deviceId: '0001',
    vendor: null,
    device: null,
    driver: null,
    iommuGroup: group,
    bridge: isBridge(classCode),
    numaNode: null,
    virtualFunctionOf: null,
    sriov: null,
  };
}

const someDevice = fc
  .tuple(
    fc.nat(0xff),
    fc.nat(7),
    fc.option(fc.nat(12), { nil: null }),
    fc.constantFrom('030000', '040300', '020000', '060400', '060000', '060100', null),
  )
  .map(([bus, part, group, classCode]) =>
    device(`0000:${bus.toString(16).padStart(2, '0')}:00.${part}`, group, classCode),
  );
const pc = fc.uniqueArray(someDevice, { selector: ({ address }) => address, maxLength: 60 });

test('a closure is always whole groups, without their bridges', () => {
  fc.assert(
    fc.property(pc, fc.array(fc.nat(80), { maxLength: 6 }), (devices, picks) => {
      const wanted = picks.map((pick) => devices[pick]?.address ?? '0000:ff:1f.7');
      const { travel, stay, refused } = closureOf(devices, wanted);
      const travelling = new Set(travel.map(({ address }) => address));
      const refusedSet = new Set(refused.map(({ address }) => address));

      // What is wanted travels or is refused, never both.
      for (const address of wanted) expect(travelling.has(address)).not.toBe(refusedSet.has(address));
      const groups = new Set(travel.map(({ group }) => group));
      for (const each of devices) {
        const touched = each.iommuGroup !== null && groups.has(each.iommuGroup);
        expect(travelling.has(each.address)).toBe(touched && !each.bridge);
      }
      // Nothing travels that nobody asked for: each group has a wanted device in it.
      for (const group of groups) {
        expect(travel.some((each) => each.group === group && wanted.includes(each.address))).toBe(true);
      }
      expect(stay.every(({ group }) => groups.has(group))).toBe(true);
      // Asking for what travels changes nothing.
      const again = closureOf(devices, [...travelling]);
      expect(again.travel.map(({ address }) => address)).toEqual(travel.map(({ address }) => address));
      expect(again.refused).toEqual([]);
    }),
  );
});

test('a card brings its sound and its neighbour, leaves the bridge, and says why', () => {
  const devices = [
    device('0000:00:01.0', 2, '060400'),
    device('0000:01:00.0', 2, '030000'),
    device('0000:01:00.1', 2, '040300'),
    device('0000:02:00.0', 3, '020000'),
    device('0000:03:00.0', null, '010802'),
  ];
  expect(closureOf(devices, ['0000:01:00.0', '0000:00:01.0', '0000:03:00.0'])).toEqual({
    travel: [
      { address: '0000:01:00.0', group: 2, because: 'It was asked for.' },
      { address: '0000:01:00.1', group: 2, because: 'It is in IOMMU group 2 together with 0000:01:00.0.' },
    ],
    stay: [
      {
        address: '0000:00:01.0',
        group: 2,
        because: 'It is a bridge: the host keeps it, and no guest sees it.',
      },
    ],
    refused: [
      { address: '0000:00:01.0', because: 'It is a bridge. Bridges stay with the host.' },
      {
        address: '0000:03:00.0',
        because: 'It is in no IOMMU group: nothing could keep the guest to its own memory.',
      },
    ],
  });
  expect(groupsOf(devices).get(2)).toHaveLength(3);
});

test('functions of one device share a slot', () => expect(slotOf('0000:01:00.1')).toBe('0000:01:00'));
