// SPDX-License-Identifier: Apache-2.0
//
// The language of grub.cfg, as far as the files use it that distributions generate. The text is a guest's: parsing never
// throws, takes time in proportion to its length, and what makes no sense is left out.

/** A piece of a word: quoted in single quotes, in double quotes, or bare. Variables count in the last two. */
interface Piece {
  text: string;
  quote: '' | '"' | "'";
}
export type Word = readonly Piece[];

export type Statement =
  | { type: 'command'; words: readonly Word[]; block: readonly Statement[] | null }
  | { type: 'if'; branches: readonly Branch[] };

/** The first whose condition holds is taken; null holds always. */
interface Branch {
  condition: readonly Statement[] | null;
  body: readonly Statement[];
}

type Token = { type: 'word'; word: Word } | { type: 'end' } | { type: 'open' } | { type: 'close' };

// Deeper than any menu; a hostile one must not use up our stack.
const deepest = 40;

export function parseGrubScript(text: string): Statement[] {
  const tokens = tokenise(text);
  let at = 0;

  const keyword = (): string | null => {
    const token = tokens[at];
    if (token?.type !== 'word') return null;
    const [piece, ...more] = token.word;
    return more.length === 0 && piece?.quote === '' ? piece.text : null;
  };

  /** Statements up to one of the words, or the brace that ends a block. The end is not taken. */
  const statements = (ends: readonly string[], depth: number): Statement[] => {
    const found: Statement[] = [];
    while (at < tokens.length) {
      const token = tokens[at];
      if (token?.type === 'end') {
        at += 1;
        continue;
      }
      const word = keyword();
      if (token?.type === 'close' || (word !== null && ends.includes(word))) break;
      // One that is not closed in sight is not entered: whatever it holds is read flat.
      if (token?.type === 'open') at += 1;
      else if (word === 'if' && depth < deepest) found.push(ifStatement(depth + 1));
      else if ((word === 'for' || word === 'while' || word === 'until') && depth < deepest) loop(depth + 1);
      else found.push(command(depth));
    }
    return found;
  };

  const ifStatement = (depth: number): Statement => {
    const branches: Branch[] = [];
    do {
      at += 1;
      const condition = statements(['then', 'fi'], depth);
      if (keyword() === 'then') at += 1;
      branches.push({ condition, body: statements(['elif', 'else', 'fi'], depth) });
    } while (keyword() === 'elif');
    if (keyword() === 'else') {
      at += 1;
      branches.push({ condition: null, body: statements(['fi'], depth) });
    }
    if (keyword() === 'fi') at += 1;
    return { type: 'if', branches };
  };

  /** Loops only draw menus; they are passed over. */
  const loop = (depth: number): void => {
    at += 1;
    statements(['do'], depth);
    if (keyword() === 'do') at += 1;
    statements(['done'], depth);
    if (keyword() === 'done') at += 1;
  };

  const command = (depth: number): Statement => {
    const words: Word[] = [];
    let block: Statement[] | null = null;
    const before = at;
    for (; at < tokens.length; at += 1) {
      const token = tokens[at];
      if (token?.type === 'word') words.push(token.word);
      else break;
    }
    if (tokens[at]?.type === 'open' && depth < deepest) {
      at += 1;
      block = statements([], depth + 1);
      if (tokens[at]?.type === 'close') at += 1;
    }
    // A brace too many is passed over.
    if (at === before) at += 1;
    return { type: 'command', words, block };
  };

  const all: Statement[] = [];
  while (at < tokens.length) {
    all.push(...statements([], 0));
    at += 1;
  }
  return all;
}

function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  let word: Piece[] | null = null;
  const add = (piece: string, quote: Piece['quote']): void => {
    word ??= [];
    const last = word.at(-1);
    if (last?.quote === quote && quote === '') last.text += piece;
    else word.push({ text: piece, quote });
  };
  const endWord = (): void => {
    if (word === null) return;
    const [piece, ...more] = word;
    const brace = more.length === 0 && piece?.quote === '' ? piece.text : '';
    if (brace === '{') tokens.push({ type: 'open' });
    else if (brace === '}') tokens.push({ type: 'close' });
    else tokens.push({ type: 'word', word });
    word = null;
  };
  // One match a step, always moving on: comment, line break, blanks, quotes, an escaped character, anything else.
  const pattern =
    /(#[^\n]*)|(\\\n)|([\n;])|([ \t\r]+)|'([^']*)'?|"((?:\\[\s\S]|[^"\\])*)"?|\\([\s\S])|(\$\{[^}\s]*\}?)|([^\s;'"\\#$]+|[\s\S])/g;
  for (const match of text.matchAll(pattern)) {
    const [all, comment, continued, end, blank, single, double, escaped, variable, bare] = match;
    if (comment !== undefined) {
      // Within a word "#" is a character like any other.
      if (word !== null) add(comment, '');
    } else if (continued !== undefined || blank !== undefined) endWord();
    else if (end !== undefined) {
      endWord();
      tokens.push({ type: 'end' });
    } else if (single !== undefined) add(single, "'");
    else if (double !== undefined) add(double.replaceAll(/\\(["\\$\n])/g, '$1'), '"');
    else if (escaped !== undefined) add(escaped, "'");
    else add(variable ?? bare ?? all, '');
  }
  endWord();
  return tokens;
}
