// SPDX-License-Identifier: Apache-2.0
//
// Writes XML from a tree, so that no text can become an element.

export type Xml = readonly [
  tag: string,
  content: string | readonly Xml[],
  attributes?: Readonly<Record<string, string>>,
];

export function writeXml(root: Xml): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(root, '')}`;
}

function element([tag, content, attributes = {}]: Xml, indent: string): string {
  const list = Object.entries(attributes).map(([name, value]) => ` ${name}="${escape(value)}"`);
  const open = `${indent}<${tag}${list.join('')}>`;
  if (typeof content === 'string') return `${open}${escape(content)}</${tag}>\n`;
  return `${open}\n${content.map((child) => element(child, `${indent}  `)).join('')}${indent}</${tag}>\n`;
}

// Everything that is not plain becomes a number: then no reader normalises it, whatever it takes for a space.
function escape(text: string): string {
  return text.replaceAll(/[^ !#-%(-;=?-~\u00a1-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `&#${code};`;
  });
}
