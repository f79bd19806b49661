// SPDX-License-Identifier: Apache-2.0
//
// How values become arguments of QEMU. Where QEMU takes JSON we give it JSON: nothing in it needs escaping.
// The older options (-chardev, -machine, -name, ...) take "key=value,key=value", where a comma inside a value
// has to be doubled; `pairs` is the only place that writes this form.

/** What QEMU's JSON options hold. Its types are strict: "1" is not 1. */
export type Json =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Json[]
  | { readonly [key: string]: Json };

/** Doubles commas, as QEMU wants them inside the values of its key=value options. */
export function escapeComma(text: string): string {
  return text.replaceAll(',', ',,');
}

/**
 * 'socket,id=a,path=/x' for an option such as -chardev. Keys without a value (undefined) are left out.
 * @param first the leading word that has no key, or '' for none
 */
export function pairs(first: string, values: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  const texts = given.map(([key, value]) => `${key}=${escapeComma(String(value))}`);
  return (first === '' ? texts : [escapeComma(first), ...texts]).join(',');
}

/** -device in JSON; keys that are undefined are left out. */
export function device(properties: { driver: string; id: string } & Record<string, Json>): string[] {
  return ['-device', JSON.stringify(properties)];
}

export function blockdev(node: { driver: string; 'node-name': string } & Record<string, Json>): string[] {
  return ['-blockdev', JSON.stringify(node)];
}

export function netdev(backend: { type: string; id: string } & Record<string, Json>): string[] {
  return ['-netdev', JSON.stringify(backend)];
}

export function object(properties: { 'qom-type': string; id: string } & Record<string, Json>): string[] {
  return ['-object', JSON.stringify(properties)];
}

/** A unix socket that QEMU listens on from its first moment, without waiting for a listener. */
export function serverSocket(id: string, path: string): string[] {
  return ['-chardev', pairs('socket', { id, path, server: 'on', wait: 'off' })];
}

/** A pair of files, PATH.in and PATH.out, and a log of what is written. */
export function loggedPipe(id: string, path: string, logfile: string): string[] {
  return ['-chardev', pairs('pipe', { id, path, logfile, logappend: 'on' })];
}

/** A unix socket of a helper that QEMU connects to; the helper has to listen already. */
export function clientSocket(id: string, path: string): string[] {
  return ['-chardev', pairs('socket', { id, path })];
}
