// SPDX-License-Identifier: Apache-2.0
//
// Asks root, on Phyllome OS: a connection a request, so that hanging up aborts it.
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { PhyllomeError } from '../../contract/errors.ts';
import type { OsAnswer, OsProgress, OsVerbName } from '../../contract/os.ts';
import { errorCode } from '../../host/files.ts';

export interface AskOptions {
  onProgress?: (progress: OsProgress) => void;
  /** Aborting hangs up, which ends what root is doing where that is safe */
  signal?: AbortSignal;
}

export interface Root {
  /** @throws PhyllomeError what root says, `os-only`, `os-root-lost` */
  ask<Result>(verb: OsVerbName, request: object, options?: AskOptions): Promise<Result>;
}

/** @param socketPath where root listens; on a PC that does not run Phyllome OS there is none */
export function createRoot(socketPath: string): Root {
  return {
    ask: <Result>(verb: OsVerbName, request: object, { onProgress, signal }: AskOptions = {}) => {
      const { promise, resolve, reject } = Promise.withResolvers<Result>();
      const socket = connect(socketPath);
      const hangUp = (): void => void socket.destroy();
      const lines = createInterface({ input: socket });
      signal?.addEventListener('abort', hangUp);
      socket.once('error', (cause) => {
        const code = ['ENOENT', 'ECONNREFUSED'].includes(errorCode(cause) ?? '') ? 'os-only' : 'os-root-lost';
        reject(new PhyllomeError(code, { reason: cause.message }, { cause }));
      });
      lines.on('error', () => {});
      lines.on('line', (line) => {
        const answer = JSON.parse(line) as OsAnswer;
        if (answer.progress !== undefined) onProgress?.(answer.progress);
        else if (answer.error !== undefined) reject(PhyllomeError.fromReport(answer.error));
        else resolve(answer.result as Result);
      });
      socket.once('close', () => {
        signal?.removeEventListener('abort', hangUp);
        if (signal?.aborted === true) reject(signal.reason as Error);
        else reject(new PhyllomeError('os-root-lost', { reason: 'the connection ended without an answer' }));
      });
      socket.write(`${JSON.stringify({ verb, request })}\n`);
      return promise;
    },
  };
}
