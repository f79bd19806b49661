// SPDX-License-Identifier: Apache-2.0
import { PhyllomeError } from '../contract/errors.ts';

// Bytes of a unix socket's path, from sun_path in unix(7), less its final NUL.
const longestSocketPath = 107;
// The longest name that a plan gives a socket, and what Firecracker adds to the one of its vsock.
const longestSocketName = 'vsock_4294967295'.length;

/** Refuses a run folder whose sockets could not be bound. @throws PhyllomeError `unsafe-directory` */
export function requireShortSockets(run: string): void {
  const most = longestSocketPath - longestSocketName - 1;
  if (Buffer.byteLength(run) <= most) return;
  throw new PhyllomeError('unsafe-directory', {
    directory: run,
    reason: `its name has more than ${most} bytes, which is too long for the sockets in it`,
  });
}
