// SPDX-License-Identifier: Apache-2.0
import { SaxesParser } from 'saxes';

export interface Element {
  name: string;
  attributes: Record<string, string>;
  children: Element[];
  text: string;
}

/**
 * The elements of a document, without translations: nine of ten names in osinfo-db are in languages we do not show.
 * @throws Error when it is not well-formed
 */
export function readXml(document: string): Element {
  const root: Element = { name: '', attributes: {}, children: [], text: '' };
  const open: Element[] = [root];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    const element: Element = { name, attributes, children: [], text: '' };
    if (attributes['xml:lang'] === undefined) open.at(-1)!.children.push(element);
    open.push(element);
  });
  parser.on('text', (text) => {
    open.at(-1)!.text += text;
  });
  parser.on('cdata', (text) => {
    open.at(-1)!.text += text;
  });
  parser.on('closetag', () => {
    open.pop();
  });
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(document).close();
  return root;
}

export function elements(parent: Element, name: string): Element[] {
  return parent.children.filter((child) => child.name === name);
}

export function textOf(parent: Element, name: string): string {
  return parent.children.find((child) => child.name === name)?.text.trim() ?? '';
}
