// SPDX-License-Identifier: Apache-2.0

export interface SseMessage {
  id: string;
  data: string;
}

/**
 * Reads a stream of server-sent events piece by piece; a piece may end anywhere.
 * @returns a function that takes the next piece and gives back the messages it completed
 */
export function createSseReader(): (piece: string) => SseMessage[] {
  let rest = '';
  let id = '';
  let data: string[] = [];

  return (piece) => {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    const messages: SseMessage[] = [];
    for (const ended of lines) {
      const line = ended.replace(/\r$/, '');
      const [, field, value] = /^(\w+): ?(.*)$/s.exec(line) ?? [];
      if (field === 'id') id = value ?? '';
      if (field === 'data') data.push(value ?? '');
      if (line === '' && data.length > 0) {
        messages.push({ id, data: data.join('\n') });
        data = [];
      }
    }
    return messages;
  };
}
