// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { fileName } from './screenshot.ts';

const time = new Date('2026-11-23T07:10:22.345Z');

test.each([
  ['tiny', 'tiny-20261123-071022.png'],
  ['my, "tiny"', 'my_tiny_-20261123-071022.png'],
  ['../../etc/x', '_.._etc_x-20261123-071022.png'],
  ['-o', 'o-20261123-071022.png'],
  ['日本 größe', '日本_größe-20261123-071022.png'],
  ['🦊', '_-20261123-071022.png'],
  ['..', 'screen-20261123-071022.png'],
])('%j', (name, file) => expect(fileName(name, time)).toBe(file));
