// SPDX-License-Identifier: Apache-2.0

/** The text of a definition whose heading, as we write it into new ones, names another machine. Any other text stays. */
export function retitled(text: string, from: string, to: string): string {
  const rest = ': a machine of Phyllome OS.';
  const heading = `# ${oneLine(from)}${rest}`;
  return text.startsWith(heading) ? `# ${oneLine(to)}${rest}${text.slice(heading.length)}` : text;
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
