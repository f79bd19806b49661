// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { HostReport } from '../../contract/host.ts';
import { couldVirtualise } from './processor.ts';

test.each([
  ['Intel', '11th Gen Intel(R) Core(TM) i5-1135G7 @ 2.40GHz', true],
  ['Intel', 'Intel(R) Core(TM) Ultra 7 255H', true],
  ['Intel', 'Intel(R) Core(TM)2 Duo CPU     E8400  @ 3.00GHz', true],
  ['Intel', 'Intel(R) Core(TM)2 Duo CPU     E4500  @ 2.20GHz', false],
  ['Intel', 'Intel(R) Celeron(R) N5105 @ 2.00GHz', true],
  ['Intel', 'Intel(R) N100', true],
  ['Intel', 'Intel(R) Celeron(R) CPU 847 @ 1.10GHz', true],
  ['Intel', 'Intel(R) Celeron(R) CPU          530  @ 1.73GHz', false],
  ['Intel', 'Intel(R) Pentium(R) CPU G4560 @ 3.50GHz', true],
  ['Intel', 'Intel(R) Xeon(R) CPU E5-2670 0 @ 2.60GHz', true],
  ['Intel', 'Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz', true],
  ['Intel', 'Intel(R) Atom(TM) CPU N270   @ 1.60GHz', false],
  ['Intel', 'Pentium(R) Dual-Core  CPU      E5200  @ 2.50GHz', false],
  ['Intel', 'Intel(R) Pentium(R) 4 CPU 3.00GHz', false],
  ['Intel', 'Genuine Intel(R) CPU 0000 @ 1.80GHz', null],
  ['AMD', 'AMD Ryzen 9 7950X 16-Core Processor', true],
  ['AMD', 'AMD EPYC 9354 32-Core Processor', true],
  ['AMD', 'AMD FX(tm)-8350 Eight-Core Processor', true],
  ['AMD', 'AMD A10-7850K Radeon R7, 12 Compute Cores 4C+8G', true],
  ['AMD', 'AMD Phenom(tm) II X4 955 Processor', true],
  ['AMD', 'AMD Sempron(tm) Processor 3000+', false],
  ['ARM', null, null],
])('%s %s: %j', (vendor, model, expected) => {
  const report = { cpu: { vendor, model } } as HostReport;
  expect(couldVirtualise(report)).toBe(expected);
});
