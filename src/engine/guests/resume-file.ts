// SPDX-License-Identifier: Apache-2.0
//
// Which machines were saved because this PC went down, so that they go on when it is up again: those, and no others that
// somebody saved for later. It is written before the first one is saved, so a power cut in between forgets none; what is not
// saved after all is left alone when the time has come.
import { readFile, rm } from 'node:fs/promises';
import { errorCode, writeAtomic } from '../../host/files.ts';

export interface ResumeRecord {
  formatVersion: 1;
  /** While this PC is up that long, nothing goes on by itself */
  bootId: string;
  /** Ids, in the order of going on */
  machines: string[];
  /** The one whose start was begun: whatever became of it, it is not begun a second time */
  begun?: string;
}

export interface ResumeFile {
  /** @returns null when nothing is to go on */
  read(): Promise<ResumeRecord | null>;
  /** An empty list removes it. @throws PhyllomeError `no-space` */
  write(record: ResumeRecord): Promise<void>;
}

export function openResumeFile(file: string): ResumeFile {
  return {
    async read() {
      try {
        return parse(await readFile(file, 'utf8'));
      } catch (error) {
        if (errorCode(error) === 'ENOENT') return null;
        throw error;
      }
    },
    async write(record) {
      if (record.machines.length > 0 || record.begun !== undefined)
        await writeAtomic(file, `${JSON.stringify(record)}\n`);
      else await rm(file, { force: true });
    },
  };
}

// A file that somebody damaged costs no more than that machines stay saved.
function parse(text: string): ResumeRecord | null {
  try {
    const { formatVersion, bootId, machines, begun } = JSON.parse(text) as Partial<ResumeRecord>;
    if (formatVersion !== 1 || typeof bootId !== 'string' || !Array.isArray(machines)) return null;
    const ids = machines.filter((id) => typeof id === 'string');
    return { formatVersion, bootId, machines: ids, ...(typeof begun === 'string' && { begun }) };
  } catch {
    return null;
  }
}
