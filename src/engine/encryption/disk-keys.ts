// SPDX-License-Identifier: Apache-2.0
//
// The keys of encrypted disks, as long as a start or a piece of work needs them. They are kept in memory while their machine
// runs, and never written.
import { randomBytes } from 'node:crypto';
import type { KeyHolder } from '../../contract/encryption.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import { createDiskKey, type DiskKey } from '../../disk/disk-key.ts';
import type { StoredMachine } from '../store.ts';
import type { Holder } from './holders.ts';
import { readKeyFile, writeKeyFile, type KeyFile, type Slot } from './key-file.ts';
import {
  keyFromPassphrase,
  keyLength,
  newScrypt,
  unwrap,
  usualCost,
  wrap,
  type ScryptCost,
} from './wrapping.ts';

type Locked = Pick<StoredMachine, 'id' | 'name' | 'directory'>;

/** A new key and the file that belongs beside the disks it encrypts. */
interface NewKey {
  key: DiskKey;
  /** What opens the disks as soon as this is written */
  write(directory: string): Promise<void>;
  /** Nothing was encrypted with it after all */
  forget(): Promise<void>;
}

export interface DiskKeys {
  /**
   * The key of a machine: by the passphrase that is given, as it is known of a machine that runs, or by its holder.
   * @returns null when the machine has no key
   * @throws PhyllomeError `passphrase-wrong`, `passphrase-needed`, `file-unreadable`
   */
  unlock(machine: Locked, passphrase?: string): Promise<DiskKey | null>;
  /** Makes a key. @throws PhyllomeError `passphrase-weak`, `key-holder-unavailable` */
  make(machineName: string, passphrase: string, holder: KeyHolder): Promise<NewKey>;
  /**
   * Changes who can open the key of a machine; the disks are not touched.
   * @param change what is left out stays as it is
   * @throws PhyllomeError as `unlock` and `make`
   */
  change(machine: Locked, passphrase: string | undefined, change: KeyChange): Promise<void>;
  /** Keeps the key while the machine runs */
  remember(id: string, key: DiskKey): void;
  forget(id: string): void;
}

interface KeyChange {
  newPassphrase?: string | undefined;
  holder?: KeyHolder | undefined;
}

const shortest = 8;
const longest = 1024;

/** @throws PhyllomeError `passphrase-weak` */
export function requireGoodPassphrase(passphrase: unknown): asserts passphrase is string {
  const length = typeof passphrase === 'string' ? passphrase.length : 0;
  if (length < shortest || length > longest)
    throw new PhyllomeError('passphrase-weak', { shortest, longest });
}

/** @param cost of trying a passphrase, for new ones */
export function createDiskKeys(holders: readonly Holder[], cost: ScryptCost = usualCost): DiskKeys {
  const known = new Map<string, DiskKey>();

  const holderOf = (name: string): Holder => {
    const holder = holders.find((one) => one.name === name);
    if (holder !== undefined) return holder;
    throw new PhyllomeError('key-holder-unavailable', {
      holder: name,
      reason: 'this version does not know it',
      next: 'Give the passphrase.',
    });
  };

  const slotFor = async (bytes: Buffer, holder: KeyHolder, machineName: string): Promise<Slot | null> => {
    if (holder === 'passphrase') return null;
    const by = randomBytes(keyLength);
    const note = await holderOf(holder).keep(by, machineName);
    return { holder, note, wrapped: wrap(bytes, by) };
  };

  const forgetSlots = async (slots: readonly Slot[]): Promise<void> => {
    for (const slot of slots) if (slot.holder !== 'passphrase') await holderOf(slot.holder).forget(slot.note);
  };

  /** By who keeps it. @returns why it could not be had, when it could not */
  const askHolders = async ({ slots }: KeyFile): Promise<Buffer | string> => {
    const reasons: string[] = [];
    for (const slot of slots) {
      if (slot.holder === 'passphrase') continue;
      try {
        const by = await holderOf(slot.holder).fetch(slot.note);
        const bytes = by === null ? null : unwrap(slot.wrapped, by);
        if (bytes !== null) return bytes;
        reasons.push(`the ${slot.holder} does not have the key of this machine`);
      } catch (error) {
        reasons.push(PhyllomeError.from(error).message);
      }
    }
    return reasons.join(' ');
  };

  const open = async (machine: Locked, file: KeyFile, passphrase: string | undefined): Promise<Buffer> => {
    const { name } = machine;
    if (passphrase !== undefined) {
      const bytes = await byPassphrase(file, passphrase);
      if (bytes === null) throw new PhyllomeError('passphrase-wrong', { name });
      return bytes;
    }
    const running = known.get(machine.id);
    if (running !== undefined) return Buffer.from(running.reveal(), 'base64');
    const found = await askHolders(file);
    if (typeof found !== 'string') return found;
    throw new PhyllomeError('passphrase-needed', { name, reason: found === '' ? '' : ` (${found})` });
  };

  return {
    async unlock(machine, passphrase) {
      const file = await readKeyFile(machine.directory);
      return file === null ? null : createDiskKey(await open(machine, file, passphrase));
    },
    async make(machineName, passphrase, holder) {
      requireGoodPassphrase(passphrase);
      const bytes = randomBytes(keyLength);
      const kept = await slotFor(bytes, holder, machineName);
      const slots = [await passphraseSlot(bytes, passphrase, cost), ...(kept === null ? [] : [kept])];
      return {
        key: createDiskKey(bytes),
        write: (directory) => writeKeyFile(directory, { formatVersion: 1, slots }),
        forget: () => forgetSlots(slots),
      };
    },
    async change(machine, passphrase, { newPassphrase, holder }) {
      if (newPassphrase !== undefined) requireGoodPassphrase(newPassphrase);
      const file = await readKeyFile(machine.directory);
      if (file === null) throw new PhyllomeError('machine-not-encrypted', { name: machine.name });
      const bytes = await open(machine, file, passphrase);
      const words = file.slots.filter((slot) => slot.holder === 'passphrase');
      const others = file.slots.filter((slot) => slot.holder !== 'passphrase');
      const opening =
        newPassphrase === undefined ? words : [await passphraseSlot(bytes, newPassphrase, cost)];
      const kept = holder === undefined ? null : await slotFor(bytes, holder, machine.name);
      const keeping = holder === undefined ? others : kept === null ? [] : [kept];
      await writeKeyFile(machine.directory, { formatVersion: 1, slots: [...opening, ...keeping] });
      if (holder !== undefined) await forgetSlots(others);
    },
    remember: (id, key) => void known.set(id, key),
    forget: (id) => void known.delete(id),
  };
}

async function passphraseSlot(bytes: Buffer, passphrase: string, cost: ScryptCost): Promise<Slot> {
  const scrypt = newScrypt(cost);
  return { holder: 'passphrase', scrypt, wrapped: wrap(bytes, await keyFromPassphrase(passphrase, scrypt)) };
}

async function byPassphrase({ slots }: KeyFile, passphrase: unknown): Promise<Buffer | null> {
  // Whatever else somebody sends opens nothing, and costs no work.
  if (typeof passphrase !== 'string' || passphrase.length > longest) return null;
  for (const slot of slots) {
    if (slot.holder !== 'passphrase') continue;
    const bytes = unwrap(slot.wrapped, await keyFromPassphrase(passphrase, slot.scrypt));
    if (bytes !== null) return bytes;
  }
  return null;
}
