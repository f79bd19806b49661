// SPDX-License-Identifier: Apache-2.0
//
// How long a look at the host takes: this PC, and a made-up server with 2,000 PCI devices.
import { unpack } from '../src/host/recorded-pc.ts';
import { hostReport } from '../src/host/host-report.ts';
import { row, summary } from './figures.ts';

async function measure(label: string, look: () => Promise<unknown>): Promise<void> {
  const figures: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const start = performance.now();
    await look();
    figures.push(performance.now() - start);
  }
  row(label, summary(figures));
}

const lines = Array.from({ length: 2000 }, (_, index) => {
  const address = `0001:${(index >> 3).toString(16).padStart(2, '0')}:00.${index & 7}`;
  return `pci ${address} 8086:154c 020000 driver=iavf group=${index >> 1}`;
});

console.log('ms: median (smallest-largest)');
await measure('report about this PC', () => hostReport('/tmp', '/', [{ purpose: 'machines', path: '/tmp' }]));
{
  using server = unpack(lines.join('\n'));
  await measure('report about a PC with 2,000 PCI devices', () => server.report());
}
