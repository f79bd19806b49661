// SPDX-License-Identifier: Apache-2.0
//
// Phyllome OS as a whole: its versions, updates, going back, restarting. Loaded when it is first asked for.
import { PhyllomeError } from '../../contract/errors.ts';
import type { EventBody } from '../../contract/event.ts';
import type { OsChannel, OsCheck, OsFound, OsImage, OsSource, OsStatus } from '../../contract/os.ts';
import type { Task } from '../../contract/task.ts';
import type { Body } from '../../contract/api.ts';
import { writeAtomic } from '../../host/files.ts';
import { builtInChannel, readPhyllomeOs } from '../../host/phyllome-os.ts';
import { findUpdate } from '../../host/os-update/find-update.ts';
import type { Guests } from '../guests/guest-functions.ts';
import type { SettingsFile } from '../settings.ts';
import type { Tasks } from '../tasks.ts';
import { elsewhere } from './elsewhere.ts';
import { goDown } from './go-down.ts';
import { asOfNow, readCheck } from './last-check.ts';
import { noticeOf } from './notice.ts';
import { readProtection, readStorage } from './read-protection.ts';
import type { Root } from './root.ts';
import { rememberStatus } from './root-status.ts';

export interface OsFunctions {
  osStatus(): Promise<OsStatus>;
  osCheck(request: Body<'osCheck'>): Promise<OsCheck>;
  osUpdate(request: Body<'osUpdate'>): Promise<Task>;
  osRollback(): Promise<OsStatus>;
  osPower(request: Body<'osPower'>): Promise<Task>;
  setChannel(change: OsChannel): Promise<OsStatus>;
}

export interface OsParts {
  root: Root;
  tasks: Tasks;
  settings: SettingsFile;
  guests: Guests;
  emit: (event: EventBody) => void;
  /** Of this service */
  data: string;
  checkFile: string;
  /** Below which the system is read; "/" outside of tests */
  tree?: string;
  now?: () => Date;
}

export function createOsFunctions(parts: OsParts): OsFunctions {
  const { root, tasks, settings, guests, emit, data, checkFile, tree = '/', now = () => new Date() } = parts;
  const changed = (): void => emit({ type: 'os.changed' });

  /** @throws PhyllomeError `os-only` */
  const here = (): OsImage => {
    const image = readPhyllomeOs(tree);
    if (image === null) throw new PhyllomeError('os-only');
    return image;
  };
  /** @throws PhyllomeError `os-only`, `os-runs-live` */
  const installed = (): OsImage => {
    const image = here();
    if (image.live) throw new PhyllomeError('os-runs-live');
    return image;
  };
  const status = rememberStatus(root);
  const channel = (): string | null => settings.read().updates?.channel ?? builtInChannel(tree);
  const automatic = () => settings.read().updates?.automatic ?? 'check';

  const keep = async (check: OsCheck): Promise<void> => {
    await writeAtomic(checkFile, `${JSON.stringify(check)}\n`);
    changed();
  };

  /** The channel is looked at without root: nobody's answers are read with more rights than needed. */
  async function lookAt(from: OsSource): Promise<OsCheck> {
    const image = installed();
    const at = now().toISOString();
    if (from === 'stick') {
      const found = await root.ask<OsFound>('update', { source: 'stick', install: false });
      return { at, from: found.from, version: found.version, bytes: found.bytes, error: null };
    }
    const url = channel();
    if (url === null) throw new PhyllomeError('os-channel-none');
    const { failed, pending } = await status.ask();
    const signal = AbortSignal.timeout(longestLook);
    try {
      const { offer } = await findUpdate({ url, from: url, image, failed, root: tree, signal });
      const version = offer === null || offer.version === pending ? null : offer.version;
      return { at, from: url, version, bytes: null, error: null };
    } catch (thrown) {
      const { code, message, hint } = PhyllomeError.from(thrown).report();
      return { at, from: url, version: null, bytes: null, error: { code, message, hint } };
    }
  }

  const functions: OsFunctions = {
    async osStatus() {
      const image = readPhyllomeOs(tree);
      if (image === null) return elsewhere;
      const [system, storage, lastCheck] = await Promise.all([
        status.ask(),
        readStorage(tree, data),
        readCheck(checkFile),
      ]);
      const { foldersEncrypted, slots, failed, pending, previous } = system;
      return {
        image,
        slots,
        pending,
        previous,
        notice: noticeOf(image, failed),
        protection: await readProtection(tree),
        updates: {
          channel: channel(),
          automatic: automatic(),
          lastCheck: lastCheck && asOfNow(lastCheck, image.version, system),
        },
        storage:
          storage === null || storage.encryption !== 'none' || !foldersEncrypted
            ? storage
            : { ...storage, encryption: 'fscrypt' },
        guests: guests.running().map(({ id, name, hindrance }) => ({
          id,
          name,
          hindrance: image.live ? keepsNothing : hindrance,
        })),
      };
    },
    async osCheck({ from = 'channel', automatic: byItself = false }) {
      installed();
      if (byItself && (automatic() === 'never' || (channel() === null && from === 'channel')))
        return (await readCheck(checkFile)) ?? { at: now().toISOString(), from: '', ...nothingFound };
      const check = await lookAt(from);
      await keep(check);
      if (byItself && automatic() === 'install' && check.version !== null) await functions.osUpdate({ from });
      // Whoever asked himself is told the reason; the daily look only remembers it.
      if (!byItself && check.error !== null)
        throw PhyllomeError.fromReport({ ...check.error, facts: { from: check.from } });
      return check;
    },
    async osUpdate({ from = 'channel' }) {
      installed();
      const url = channel();
      if (from === 'channel' && url === null) throw new PhyllomeError('os-channel-none');
      return tasks.run('Update Phyllome OS', null, async ({ signal, progress }) => {
        const request =
          from === 'channel' ? { source: from, url, install: true } : { source: from, install: true };
        const found = await root
          .ask<OsFound>('update', request, {
            signal,
            onProgress: ({ step, fraction }) => progress(step, fraction),
          })
          .finally(status.forget);
        changed();
        return {
          outcome: {
            text: `Version ${found.version} is installed. The next restart brings it.`,
            facts: { version: found.version, from: found.from },
          },
        };
      });
    },
    async osRollback() {
      installed();
      await root.ask('rollback', {}).finally(status.forget);
      changed();
      return functions.osStatus();
    },
    async osPower({ action, stop = false }) {
      const { live } = here();
      return goDown({ root, tasks, guests }, { action, stop, live });
    },
    async setChannel({ url, automatic: policy }) {
      here();
      await settings.change(({ updates = {}, ...others }) => {
        const { channel: before, ...kept } = updates;
        const next = url === undefined ? before : (url ?? undefined);
        return {
          ...others,
          updates: {
            ...kept,
            ...(next !== undefined && { channel: next }),
            ...(policy !== undefined && { automatic: policy }),
          },
        };
      });
      changed();
      return functions.osStatus();
    },
  };
  return functions;
}

// A list is small; whoever is this slow is not there (ms).
const longestLook = 120_000;
const keepsNothing = 'this system runs from a medium and keeps nothing';
const nothingFound = { version: null, bytes: null, error: null };
