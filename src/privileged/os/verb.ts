// SPDX-License-Identifier: Apache-2.0
import type { TSchema } from '../../contract/schema.ts';
import type { OsProgress } from '../../contract/os.ts';

/** What a verb is given besides its request. */
export interface VerbContext {
  /** "/" outside of tests */
  root: string;
  /** Aborted when whoever asked hung up */
  signal: AbortSignal;
  progress(progress: OsProgress): void;
}

/** One thing that root does for the service on Phyllome OS. Its request is checked before it runs. */
export interface Verb<Request = never> {
  /** The schema of the request: whatever does not fit is refused */
  request: TSchema;
  /** Only one of these runs at a time */
  exclusive: boolean;
  /** @throws PhyllomeError @returns what is told to whoever asked, as JSON */
  run(request: Request, context: VerbContext): Promise<unknown>;
}
