// SPDX-License-Identifier: Apache-2.0
//
// The favourite machine and what the screen of this PC shows. Pages in kiosk mode follow it; any other page, also one on a
// phone, and the command line can change it.
import type {
  Favourite,
  FavouriteChange,
  FavouriteSettings,
  ShowOnScreen,
} from '../../contract/favourite.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import type { MachineSummary } from '../../contract/api.ts';
import type { EventStream } from '../event-stream.ts';
import { requireNoTemplate } from '../clones/template.ts';
import type { SettingsFile } from '../settings.ts';
import type { Store } from '../store.ts';
import { onEvent, type Shown } from './on-event.ts';
import { readShown, writeShown } from './shown-file.ts';

export interface FavouriteParts {
  settings: SettingsFile;
  store: Pick<Store, 'find' | 'list'>;
  events: EventStream;
  /** Where it is kept what is shown, until this PC is switched off */
  file: string;
  /** @throws PhyllomeError `machine-not-found` */
  show: (id: string) => Pick<MachineSummary, 'state' | 'display'>;
  start: (id: string) => Promise<unknown>;
  /** How many pages in kiosk mode listen */
  displays: () => number;
  warn: (text: string) => void;
}

export interface FavouriteWork {
  favourite(): Favourite;
  setFavourite(change: FavouriteChange): Promise<Favourite>;
  showOnScreen(request: ShowOnScreen): Promise<Favourite>;
  /** Tells everybody how it is now */
  tell(): void;
  close(): void;
}

const atRest = new Set(['stopped', 'crashed', 'saved', 'broken']);

export function createFavourite(parts: FavouriteParts): FavouriteWork {
  const { settings, store, events, file, displays, warn } = parts;
  const wanted = (): FavouriteSettings => settings.read().favourite ?? {};
  const named = (id: string) => {
    const found = store.list().find((machine) => machine.id === id);
    return found === undefined ? null : { id, name: found.name };
  };
  // What an event means cannot wait until somebody has corrected a settings file; whoever asks is told about that.
  let lastWanted = wanted();
  const lately = (): FavouriteSettings => {
    try {
      lastWanted = wanted();
    } catch (error) {
      if (!(error instanceof PhyllomeError)) throw error;
    }
    return lastWanted;
  };
  let shown: Shown = { machine: firstShown(parts, wanted()), problem: null };
  let kept: Promise<void> = Promise.resolve();

  const favourite = (): Favourite => {
    const { machine, autostart = true, fullscreen = true, ...others } = wanted();
    const { hostKey = 'ctrl-alt', blankMinutes = 15, lockMinutes = null } = others;
    const onScreen = shown.machine === null ? null : named(shown.machine);
    const troubled = shown.problem === null ? null : named(shown.problem.machine);
    return {
      machine: machine === undefined ? null : named(machine),
      autostart,
      fullscreen,
      hostKey,
      blankMinutes,
      lockMinutes,
      screen: onScreen === null ? { show: 'host' } : { show: 'machine', machine: onScreen },
      displays: displays(),
      problem:
        troubled === null || shown.problem === null
          ? null
          : { machine: troubled, error: shown.problem.error },
    };
  };
  const tell = (): void => events.emit({ type: 'favourite.changed', favourite: favourite() });

  const set = (next: Shown): void => {
    if (next === shown) return;
    const moved = next.machine !== shown.machine;
    shown = next;
    if (moved)
      kept = kept
        .then(() => writeShown(file, next.machine))
        .catch((error: unknown) =>
          warn(`What the screen shows is not kept: ${PhyllomeError.from(error).message}`),
        );
    tell();
  };

  /** @throws PhyllomeError `display-none` */
  const requireScreen = (id: string, name: string): void => {
    if (!parts.show(id).display) throw new PhyllomeError('display-none', { name });
  };

  const stop = events.subscribe((event) => {
    if (!('machineId' in event)) return;
    const { machine, fullscreen = true } = lately();
    const owner = machine !== undefined && fullscreen ? machine : null;
    set(onEvent(shown, event, { owner, crashed: crashReport }));
    const mine = event.machineId === machine || event.machineId === shown.machine;
    // It has another name, is in the bin, or came back.
    if (mine && ['machine.changed', 'machine.deleted', 'machine.restored'].includes(event.type)) tell();
    if (event.type === 'machine.erased' && event.machineId === machine)
      void settings
        .change(({ favourite: { machine: _, ...rest } = {}, ...others }) => ({ ...others, favourite: rest }))
        .then(tell, (error: unknown) =>
          warn(`The favourite is erased: ${PhyllomeError.from(error).message}`),
        );
  });

  return {
    favourite,
    tell,
    async setFavourite({ machine: ref, ...change }) {
      const { machine: before, ...rest } = wanted();
      const machine = ref === undefined ? before : ref === null ? undefined : idOf(ref);
      const next = { ...rest, ...change, ...(machine !== undefined && { machine }) };
      if (machine !== undefined && next.fullscreen !== false && named(machine) !== null)
        requireScreen(machine, store.find(machine).name);
      await settings.change((all) => ({ ...all, favourite: next }));
      tell();
      return favourite();
    },
    async showOnScreen({ show, machine: ref }) {
      if (show === 'host') {
        set({ machine: null, problem: null });
        return favourite();
      }
      const wish = ref ?? wanted().machine;
      if (wish === undefined) throw new PhyllomeError('favourite-none');
      const { id, name } = store.find(wish);
      requireScreen(id, name);
      const rests = atRest.has(parts.show(id).state.name);
      set({ machine: id, problem: null });
      // Should it not start, the event of that brings the host back, with the reason.
      if (rests) await parts.start(id);
      return favourite();
    },
    close: stop,
  };

  /** @throws PhyllomeError `machine-not-found`, `machine-template` */
  function idOf(ref: string): string {
    const machine = store.find(ref);
    requireNoTemplate(machine, 'be the favourite');
    return machine.id;
  }
}

/** A service that is started again finds the screen as it was; the first one after a boot finds who came up before it. */
function firstShown({ file, show, warn }: FavouriteParts, { machine, fullscreen = true }: FavouriteSettings) {
  try {
    const before = readShown(file);
    const wish = before === undefined && fullscreen ? (machine ?? null) : (before ?? null);
    return wish === null || atRest.has(show(wish).state.name) ? null : wish;
  } catch (error) {
    const { code, message } = PhyllomeError.from(error);
    if (code !== 'machine-not-found') warn(`What the screen showed is not known: ${message}`);
    return null;
  }
}

function crashReport(name: string, reason: string) {
  return new PhyllomeError('favourite-crashed', { name, reason: reason.replace(/\.$/, '') }).report();
}
