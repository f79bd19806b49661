// SPDX-License-Identifier: Apache-2.0
//
// The XML files of osinfo-db to one database. Several files may be about one system: folders "x.d" add to "x.xml".
import {
  databaseForm,
  type OsinfoAmount,
  type OsinfoDatabase,
  type OsinfoMedium,
  type OsinfoSystem,
} from './database.ts';
import { elements, readXml, textOf, type Element } from './xml.ts';

/** @param documents text of the files; what is not well-formed is left out, as libosinfo does it */
export function compileOsinfo(documents: Iterable<string>): OsinfoDatabase {
  const systems = new Map<string, OsinfoSystem>();
  const devices: Record<string, string> = {};
  for (const document of documents) {
    for (const element of rootOf(document)?.children ?? []) {
      const id = element.attributes['id'];
      if (id === undefined) continue;
      if (element.name === 'device') devices[id] = textOf(element, 'name');
      if (element.name === 'os') systems.set(id, merge(systems.get(id), element, id));
    }
  }
  return { form: databaseForm, systems: [...systems.values()].filter(({ name }) => name !== ''), devices };
}

function rootOf(document: string): Element | null {
  try {
    return elements(readXml(document), 'libosinfo')[0] ?? null;
  } catch {
    return null;
  }
}

function merge(known: OsinfoSystem | undefined, element: Element, id: string): OsinfoSystem {
  const said = (name: string, before = ''): string => textOf(element, name) || before;
  const links = ['derives-from', 'clones'].flatMap((name) => elements(element, name));
  const listed = elements(element, 'devices').flatMap((list) => elements(list, 'device'));
  const deviceIds = (supported: boolean): string[] =>
    listed
      .filter(({ attributes }) => (attributes['supported'] !== 'false') === supported)
      .map(({ attributes }) => attributes['id'] ?? '');
  return {
    id,
    shortIds: [...(known?.shortIds ?? []), ...elements(element, 'short-id').map(({ text }) => text.trim())],
    name: said('name', known?.name),
    version: said('version', known?.version),
    vendor: said('vendor', known?.vendor),
    family: said('family', known?.family),
    distro: said('distro', known?.distro),
    status: said('release-status', known?.status ?? 'released'),
    released: day(said('release-date', known?.released ?? '')),
    ends: day(said('eol-date', known?.ends ?? '')),
    parents: [...(known?.parents ?? []), ...links.map(({ attributes }) => attributes['id'] ?? '')],
    media: [...(known?.media ?? []), ...elements(element, 'media').map(medium)],
    resources: [...(known?.resources ?? []), ...elements(element, 'resources').map(resources)],
    devices: [...(known?.devices ?? []), ...deviceIds(true)],
    withoutDevices: [...(known?.withoutDevices ?? []), ...deviceIds(false)],
    firmware: [...(known?.firmware ?? []), ...elements(element, 'firmware').map(firmware)],
    images: [...(known?.images ?? []), ...elements(element, 'image').map(image)],
  };
}

function medium(element: Element): OsinfoMedium {
  const iso = elements(element, 'iso')[0];
  const rule = (name: string): string | undefined => (iso && textOf(iso, name)) || undefined;
  const fields = {
    volume: rule('volume-id'),
    system: rule('system-id'),
    publisher: rule('publisher-id'),
    application: rule('application-id'),
  };
  const size = Number(rule('volume-size') ?? 0);
  const known = Object.entries(fields).filter(([, value]) => value !== undefined);
  return {
    architecture: element.attributes['arch'] ?? 'all',
    live: element.attributes['live'] === 'true',
    url: textOf(element, 'url') || null,
    ...Object.fromEntries(known),
    ...(size > 0 && { size }),
  };
}

function resources(element: Element) {
  const amount = (name: string): OsinfoAmount | undefined => {
    const found = elements(element, name)[0];
    if (found === undefined) return undefined;
    const number = (key: string): number | undefined => Number(textOf(found, key)) || undefined;
    const all = { vcpus: number('n-cpus'), memoryBytes: number('ram'), diskBytes: number('storage') };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  };
  const minimum = amount('minimum');
  const recommended = amount('recommended');
  return {
    architecture: element.attributes['arch'] ?? 'all',
    ...(minimum !== undefined && { minimum }),
    ...(recommended !== undefined && { recommended }),
  };
}

function firmware({ attributes }: Element): OsinfoSystem['firmware'][number] {
  const type = attributes['type'] === 'efi' ? 'efi' : 'bios';
  return { architecture: attributes['arch'] ?? 'all', type, supported: attributes['supported'] !== 'false' };
}

function image(element: Element): OsinfoSystem['images'][number] {
  return {
    architecture: element.attributes['arch'] ?? 'all',
    url: textOf(element, 'url'),
    format: element.attributes['format'] ?? '',
    cloudInit: element.attributes['cloud-init'] === 'true',
  };
}

function day(text: string): string | null {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : null;
}
