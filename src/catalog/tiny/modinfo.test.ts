// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { closure, moduleName, readModinfo } from './modinfo.ts';

const module = (...pairs: string[]): Buffer =>
  Buffer.from(`\x7fELF code \0${pairs.join('\0')}\0 more`, 'latin1');

describe('moduleName', () => {
  test.each([
    ['kernel/drivers/gpu/drm/virtio/virtio-gpu.ko.xz', 'virtio_gpu'],
    ['ext4.ko', 'ext4'],
    ['a-b.ko.zst', 'a_b'],
  ])('%s', (file, name) => expect(moduleName(file)).toBe(name));
});

describe('readModinfo', () => {
  test('reads dependencies, the soft ones wanted before too', () => {
    const content = module(
      'license=GPL',
      'depends=virtio_ring,net-failover',
      'softdep=pre: crc32c a-b post: late',
    );
    expect(readModinfo(content).depends).toEqual(['virtio_ring', 'net_failover', 'crc32c', 'a_b']);
  });

  test('reads aliases', () => {
    const content = module('alias=virtio:d00000002v*', 'depends=', 'alias=pci:v*');
    expect(readModinfo(content)).toEqual({ depends: [], aliases: ['virtio:d00000002v*', 'pci:v*'] });
  });

  test('knows nothing of a file that says nothing', () => {
    expect(readModinfo(Buffer.from('no module'))).toEqual({ depends: [], aliases: [] });
  });
});

describe('closure', () => {
  test('puts what is needed first and leaves out what does not exist', () => {
    const depends = new Map([
      ['ext4', ['jbd2', 'crc16', 'builtin']],
      ['jbd2', []],
      ['crc16', []],
    ]);
    expect(closure(['ext4', 'absent', 'jbd2'], depends)).toEqual(['jbd2', 'crc16', 'ext4']);
  });

  test('is complete, in order and without doubles for any graph, circles included', () => {
    const names = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
    const graph = fc.dictionary(names, fc.array(names));
    fc.assert(
      fc.property(graph, fc.array(names), (needs, wanted) => {
        const depends = new Map(Object.entries(needs));
        const order = closure(wanted, depends);
        expect(new Set(order).size).toBe(order.length);
        for (const name of wanted) expect(order.includes(name)).toBe(depends.has(name));
        for (const name of order) {
          for (const need of depends.get(name) ?? []) expect(order.includes(need)).toBe(depends.has(need));
        }
        const isCircular = (name: string, seen: string[]): boolean =>
          seen.includes(name) || (depends.get(name) ?? []).some((need) => isCircular(need, [...seen, name]));
        for (const [index, name] of order.entries()) {
          if (isCircular(name, [])) continue;
          for (const need of depends.get(name) ?? []) {
            if (depends.has(need)) expect(order.indexOf(need)).toBeLessThan(index);
          }
        }
      }),
    );
  });
});
