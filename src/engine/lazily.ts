// SPDX-License-Identifier: Apache-2.0

/**
 * Makes something when it is first asked for, once. Code that most runs of the service never need is imported this way:
 * loading it would cost every start time and memory.
 */
export function lazily<Made>(make: () => Promise<Made>): () => Promise<Made> {
  let made: Promise<Made> | undefined;
  return () => (made ??= make());
}
