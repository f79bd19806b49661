// SPDX-License-Identifier: Apache-2.0
//
// The listener for other devices: HTTPS on all addresses of this PC. Loaded only where it is wanted.
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { ServedCertificate } from '../../contract/access.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import type { AccessSettings } from '../../host/access/access-file.ts';
import { errorCode } from '../../host/files.ts';
import { createListener, type ListenerParts } from '../listener.ts';
import { ensureCertificate, isGood, readOwnCertificate, type Certificate } from './certificate.ts';
import { hostAddresses, hostNames, normalAddress } from './host-names.ts';
import { limitConnections } from './limit-connections.ts';

// Who connects has this long to agree on keys (ms).
const handshakeTimeout = 10_000;
// How often it is looked whether the certificate nears its end, or the owner's files are others (ms).
const certificateInterval = 24 * 60 * 60 * 1000;
// After a new address was met, no other look for this long (ms).
const rest = 60_000;

export interface NetworkDoor {
  /** The port it listens on */
  port: number;
  certificate(): ServedCertificate;
  /** Ends it with all connections; `except`, over which an answer still has to go out, a moment later */
  close(except?: Duplex): Promise<void>;
}

export interface NetworkDoorParts extends Pick<ListenerParts, 'admit' | 'request' | 'upgrade'> {
  network: AccessSettings['network'];
  /** Where a certificate of ours is kept */
  certificateFile: string;
  warn(text: string): void;
}

// How long the answer to whoever switched it off has to go out (ms).
const grace = 1000;

/** @throws PhyllomeError `access-port-taken`, `certificate-unusable`, `vmm-missing` (openssl) */
export async function openNetworkDoor(parts: NetworkDoorParts): Promise<NetworkDoor> {
  const { network, certificateFile, warn } = parts;
  const load = (): Promise<Certificate> =>
    network.certificate === undefined
      ? ensureCertificate(certificateFile, servedNames(network.names))
      : readOwnCertificate(network.certificate);

  let certificate = await load();
  const server = createListener({
    ...parts,
    create: (options) => createServer({ ...options, ...secure(certificate), handshakeTimeout }),
  }) as Server;
  const connections = limitConnections(server);
  let looked = Date.now();
  const look = async (): Promise<void> => {
    looked = Date.now();
    try {
      const next = await load();
      if (next.cert === certificate.cert && next.key === certificate.key) return;
      certificate = next;
      server.setSecureContext(secure(next));
    } catch (error) {
      warn(`the certificate of the page could not be renewed: ${PhyllomeError.from(error).message}`);
    }
  };
  // An address this PC got since: whoever came by it gets a certificate that names it the next time.
  server.on('secureConnection', (socket: TLSSocket) => {
    const address = normalAddress(socket.localAddress ?? '');
    if (network.certificate !== undefined || Date.now() - looked < rest) return;
    if (!isGood(certificate, [address]) && servedNames(network.names).includes(address)) void look();
  });
  const timer = setInterval(() => void look(), certificateInterval).unref();

  await listen(server, network.port);
  return {
    port: (server.address() as AddressInfo).port,
    certificate: () => certificate.description,
    async close(except) {
      clearInterval(timer);
      const closed = new Promise((resolve) => server.close(resolve));
      const last = [...connections].filter((connection) => isSame(connection, except));
      for (const connection of connections) if (!last.includes(connection)) connection.destroy();
      setTimeout(() => last.forEach((connection) => connection.destroy()), grace).unref();
      if (last.length === 0) await closed;
    },
  };
}

// One is the bare connection, the other what TLS made of it.
function isSame(connection: Socket, other: Duplex | undefined): boolean {
  if (other === undefined) return false;
  const { remoteAddress, remotePort } = other as Socket;
  return connection.remotePort === remotePort && connection.remoteAddress === remoteAddress;
}

function servedNames(added: readonly string[]): string[] {
  const names = added.map((name) => name.toLowerCase());
  return [...new Set([...hostNames(), ...names, ...hostAddresses(), 'localhost'])];
}

function secure({ cert, key }: Certificate) {
  return { cert, key, minVersion: 'TLSv1.2' } as const;
}

/** IPv6 and IPv4; the latter alone where the kernel has no IPv6. */
async function listen(server: Server, port: number): Promise<void> {
  try {
    await listenOn(server, port, '::').catch((error: unknown) => {
      if (!['EAFNOSUPPORT', 'EADDRNOTAVAIL'].includes(errorCode(error) ?? '')) throw error;
      return listenOn(server, port, '0.0.0.0');
    });
  } catch (cause) {
    if (errorCode(cause) !== 'EADDRINUSE') throw cause;
    throw new PhyllomeError('access-port-taken', { port }, { cause });
  }
}

function listenOn(server: Server, port: number, host: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen({ port, host }, () => {
    server.off('error', reject);
    resolve();
  });
  return promise;
}
