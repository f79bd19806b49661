// SPDX-License-Identifier: Apache-2.0
//
// The objects of NetworkManager with their properties, as they are between an answer and what we make of it.
import { service, type Ask } from './ask.ts';

type Variant = { type: string; data: unknown } | undefined;
type Interfaces = Readonly<Record<string, Readonly<Record<string, Variant>>>>;

/** One object; what it does not have is null. */
export interface BusObject {
  path: string;
  has(face: string): boolean;
  text(face: string, property: string): string | null;
  number(face: string, property: string): number | null;
  flag(face: string, property: string): boolean;
  /** Paths of other objects; "/" stands for none and is left out */
  paths(face: string, property: string): string[];
  bytes(face: string, property: string): Uint8Array;
  /** Of a list of dictionaries: the value of a key in each */
  each(face: string, property: string, key: string): unknown[];
}

export interface BusObjects {
  get(path: string): BusObject | null;
  with(face: string): BusObject[];
}

/** @param face name of an interface below org.freedesktop.NetworkManager; empty for that itself */
const full = (face: string): string => (face === '' ? service : `${service}.${face}`);

/** Everything that NetworkManager knows, in one question. */
export async function readObjects(ask: Ask): Promise<BusObjects> {
  const [answer] = await ask('/org/freedesktop', 'org.freedesktop.DBus.ObjectManager.GetManagedObjects');
  const objects = new Map(
    Object.entries((answer ?? {}) as Record<string, Interfaces>).map(([path, faces]) => [
      path,
      objectOf(path, faces),
    ]),
  );
  return {
    get: (path) => objects.get(path) ?? null,
    with: (face) => [...objects.values()].filter((object) => object.has(face)),
  };
}

function objectOf(path: string, faces: Interfaces): BusObject {
  const read = (face: string, property: string): unknown => faces[full(face)]?.[property]?.data;
  return {
    path,
    has: (face) => full(face) in faces,
    text: (face, property) => textOf(read(face, property)),
    number: (face, property) => numberOf(read(face, property)),
    flag: (face, property) => read(face, property) === true,
    paths: (face, property) =>
      [read(face, property)]
        .flat()
        .filter((value): value is string => typeof value === 'string' && value !== '/'),
    bytes: (face, property) => bytesOf(read(face, property)),
    each: (face, property, key) =>
      [read(face, property) ?? []].flat().map((entry) => (entry as Record<string, Variant>)[key]?.data),
  };
}

export const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null;
export const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null);
export const bytesOf = (value: unknown): Uint8Array =>
  Uint8Array.from(Array.isArray(value) ? (value as number[]) : []);
