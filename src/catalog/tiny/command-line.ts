// SPDX-License-Identifier: Apache-2.0
import type { Architecture } from '../../contract/machine.ts';

/**
 * The kernel's command line: the serial port is the console, the kernel's words are on a screen too, and the
 * screen's text driver takes over at once (some kernels wait, and then forget how guest/screen arranged it).
 */
export const tinyCommandLine = (architecture: Architecture): string =>
  `console=tty0 console=${architecture === 'aarch64' ? 'ttyAMA0' : 'ttyS0'} fbcon=nodefer quiet`;
