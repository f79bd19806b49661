// SPDX-License-Identifier: Apache-2.0
//
// The file of what was: load and events of machines, in SQLite. It may be lost without harm to a machine, so
// nothing here ever throws: a damaged file is set aside, a full disk means that there is no history for a while.
import { renameSync, rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { reasonOf } from '../contract/errors.ts';
import type { PhyllomeEvent } from '../contract/event.ts';
import { loadFigures } from '../contract/load.ts';
import { grains, type LoadRow } from './load-rollup.ts';

/** Events about one machine. */
export type MachineEvent = Extract<PhyllomeEvent, { machineId: string }>;

export interface HistoryFile {
  /** @returns false when nothing could be written; nothing of it is then in the file */
  write(rows: readonly LoadRow[], events: readonly MachineEvent[]): boolean;
  /** In no order */
  rows(machineId: string, step: number, from: number): LoadRow[];
  /** Newest first, those with a smaller id than `before` */
  events(machineId: string, limit: number, before: number): MachineEvent[];
  forget(machineId: string): void;
  close(): void;
}

// How many events of a machine are kept, and for how long (ms).
const keptEvents = 1000;
const keptEventsFor = 90 * 24 * 3600 * 1000;
// How often what is too old is removed (ms).
const pruneInterval = 10 * 60_000;
// SQLite's result codes, https://www.sqlite.org/rescode.html
const damaged: ReadonlySet<number> = new Set([11 /* SQLITE_CORRUPT */, 26 /* SQLITE_NOTADB */]);
// Raised with the tables; a file with another number is set aside.
const version = 1;

const columns = loadFigures.map((figure) => `${figure} REAL`).join(', ');
const tables = `
  CREATE TABLE load (machine TEXT, step INTEGER, time INTEGER, samples INTEGER, ${columns},
    PRIMARY KEY (machine, step, time)) WITHOUT ROWID;
  CREATE TABLE events (machine TEXT, id INTEGER, time INTEGER, body TEXT,
    PRIMARY KEY (machine, id)) WITHOUT ROWID;
  CREATE INDEX old_load ON load (step, time);
  CREATE INDEX old_events ON events (time);
  PRAGMA user_version = ${version};`;

// A service that ended in the middle of a minute and came back in it has two rows for it: they become one.
const merged = loadFigures.map(
  (figure) => `${figure} = CASE WHEN ${figure} IS NULL THEN excluded.${figure}
    WHEN excluded.${figure} IS NULL THEN ${figure}
    ELSE (${figure} * samples + excluded.${figure} * excluded.samples) / (samples + excluded.samples) END`,
);
const insertRow = `INSERT INTO load (machine, step, time, samples, ${loadFigures.join(', ')})
  VALUES (?, ?, ?, ?, ${loadFigures.map(() => '?').join(', ')})
  ON CONFLICT DO UPDATE SET ${merged.join(', ')}, samples = samples + excluded.samples`;

/**
 * Opens nothing before it is needed.
 * @param warn hears once what is wrong, and again only after something could be written
 */
export function createHistoryFile(file: string, warn: (text: string) => void, now = Date.now): HistoryFile {
  let database: DatabaseSync | null = null;
  let warned = false;
  let nextPrune = 0;

  const complain = (text: string): void => {
    if (!warned) warn(text);
    warned = true;
  };

  const closeFile = (): void => {
    try {
      database?.close();
    } catch {
      // It is given up in any case.
    }
    database = null;
  };

  const setAside = (reason: string): void => {
    closeFile();
    const aside = `${file}.damaged`;
    try {
      // One is enough to look into what happened.
      for (const suffix of ['-wal', '-shm']) rmSync(file + suffix, { force: true });
      renameSync(file, aside);
      warn(`The history ${file} cannot be read (${reason}). It is now ${aside}, and a new one begins.`);
    } catch (error) {
      complain(`The history ${file} cannot be read (${reason}), nor set aside: ${reasonOf(error)}.`);
    }
  };

  /** Does something with the file; a damaged one is replaced, once. */
  const use = <Result>(work: (database: DatabaseSync) => Result, otherwise: Result): Result => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        database ??= openDatabase(file);
        return work(database);
      } catch (error) {
        if (attempt === 1 && isDamage(error)) {
          setAside(reasonOf(error));
          continue;
        }
        closeFile();
        complain(`The history ${file} cannot be used now: ${reasonOf(error)}.`);
        return otherwise;
      }
    }
  };

  const prune = (open: DatabaseSync): void => {
    if (now() < nextPrune) return;
    nextPrune = now() + pruneInterval;
    for (const { step, kept } of grains) {
      open.prepare('DELETE FROM load WHERE step = ? AND time < ?').run(step, Math.floor(now() / 1000) - kept);
    }
    open.prepare('DELETE FROM events WHERE time < ?').run(now() - keptEventsFor);
    for (const { machine } of open.prepare('SELECT DISTINCT machine FROM events').all()) {
      const oldest = 'SELECT id FROM events WHERE machine = ? ORDER BY id DESC LIMIT 1 OFFSET ?';
      open
        .prepare(`DELETE FROM events WHERE machine = ? AND id < (${oldest})`)
        .run(machine ?? '', machine ?? '', keptEvents - 1);
    }
  };

  return {
    write: (rows, events) =>
      use((open) => {
        open.exec('BEGIN IMMEDIATE');
        try {
          const putRow = open.prepare(insertRow);
          for (const { machineId, step, time, samples, figures } of rows) {
            putRow.run(machineId, step, time, samples, ...loadFigures.map((figure) => figures[figure]));
          }
          const putEvent = open.prepare('INSERT OR REPLACE INTO events VALUES (?, ?, ?, ?)');
          for (const event of events) {
            putEvent.run(event.machineId, event.id, new Date(event.time).getTime(), JSON.stringify(event));
          }
          prune(open);
          open.exec('COMMIT');
          warned = false;
          return true;
        } catch (error) {
          // SQLite has rolled back by itself when the disk is full.
          if (open.isTransaction) open.exec('ROLLBACK');
          throw error;
        }
      }, false),
    rows: (machineId, step, from) =>
      use(
        (open) =>
          open
            .prepare('SELECT * FROM load WHERE machine = ? AND step = ? AND time >= ?')
            .all(machineId, step, from)
            .map((found) => readRow(machineId, found)),
        [],
      ),
    events: (machineId, limit, before) =>
      use(
        (open) =>
          open
            .prepare('SELECT body FROM events WHERE machine = ? AND id < ? ORDER BY id DESC LIMIT ?')
            .all(machineId, before, limit)
            .map(({ body }) => JSON.parse(String(body)) as MachineEvent),
        [],
      ),
    forget: (machineId) =>
      use((open) => {
        open.prepare('DELETE FROM load WHERE machine = ?').run(machineId);
        open.prepare('DELETE FROM events WHERE machine = ?').run(machineId);
      }, undefined),
    close: closeFile,
  };
}

function openDatabase(file: string): DatabaseSync {
  // Loaded when it is needed: a service whose machines are all off does without its 3 MB.
  const sqlite = process.getBuiltinModule('node:sqlite');
  const database = new sqlite.DatabaseSync(file);
  try {
    // With a write-ahead log the disk is waited for only every thousand pages (some hours), not with every write; a
    // power cut may lose the last minutes, and never damages the file.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 200');
    const found = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
    if (found === 0) database.exec(`BEGIN; ${tables} COMMIT`);
    else if (found !== version) throw new Unreadable(`its tables have version ${found}, not ${version}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

class Unreadable extends Error {}

function isDamage(error: unknown): boolean {
  if (error instanceof Unreadable || error instanceof SyntaxError) return true;
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) : 0;
  // The lower byte is the kind of error, whatever else the code says.
  return damaged.has(code & 0xff);
}

function readRow(machineId: string, found: Record<string, unknown>): LoadRow {
  const figure = (name: string): number | null => (typeof found[name] === 'number' ? found[name] : null);
  return {
    machineId,
    step: Number(found['step']),
    time: Number(found['time']),
    samples: Number(found['samples']),
    figures: {
      cpu: figure('cpu'),
      memory: figure('memory'),
      diskRead: figure('diskRead'),
      diskWrite: figure('diskWrite'),
      networkReceive: figure('networkReceive'),
      networkSend: figure('networkSend'),
    },
  };
}
