// SPDX-License-Identifier: Apache-2.0
import { findBinary } from '../host/binaries.ts';
import { installHint, type Tool as ToolName } from '../host/install-hint.ts';

/** A program that machines need beside their VMM. */
export interface Tool {
  /** null: not installed */
  path: string | null;
  /** The command that installs it */
  install: string;
}

export function findTool(name: ToolName): Tool {
  return { path: findBinary(name), install: installHint(name) };
}

/** The hint for a tool that is not there. */
export function installing({ install }: Pick<Tool, 'install'>): string {
  return `Run "phyllome setup", or install it with: ${install}`;
}
