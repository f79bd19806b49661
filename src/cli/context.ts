// SPDX-License-Identifier: Apache-2.0
import type { Paths } from '../contract/paths.ts';
import type { Client } from './service/client.ts';
import type { Output } from './terminal/output.ts';
import type { Input } from './parse.ts';

/** What a command has to work with. */
export interface Context {
  readonly client: Client;
  readonly output: Output;
  readonly paths: Paths;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The answer is wanted as JSON */
  readonly json: boolean;
}

/** A command: throws PhyllomeError, or returns when it is done. */
export type Run = (context: Context, input: Input) => Promise<void>;
