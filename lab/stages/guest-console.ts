// SPDX-License-Identifier: Apache-2.0
//
// Types on the serial console of a machine inside an emulated PC, through the service's API there.
import { must } from './expect.ts';
import type { Guest } from './guest.ts';

// Runs in the PC, from the folder of its manager: the packages and routes are those of the image.
const program = `
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { apiPrefix, streamPaths } from './src/contract/operations.ts';
const { ref, line, pattern, seconds } = JSON.parse(Buffer.from(process.argv[2], 'base64').toString());
const path = streamPaths.serial.replace(':ref', encodeURIComponent(ref));
const socket = new WebSocket('ws://localhost' + apiPrefix + path + '?history=0', {
  createConnection: () => connect('/run/phyllome/service.sock'),
});
let text = '';
let typed = false;
const end = (code) => { console.log(text); process.exit(code); };
setTimeout(() => end(1), seconds * 1000);
socket.on('error', (error) => { text += error.message; end(2); });
// A shell that has just begun throws away what was typed before its prompt. An empty line brings another prompt.
socket.on('open', () => socket.send('\\n'));
socket.on('message', (bytes) => {
  text += bytes.toString();
  if (!typed && /# (\\x1b\\[6n)?$/.test(text)) {
    typed = true;
    socket.send(line + '\\n');
  }
  if (new RegExp(pattern).test(text)) end(0);
});
`;

/**
 * Types a line and waits for an answer.
 * @param answer matches the answer and not the line itself, which comes back, too @returns its first group
 */
export async function typeInGuest(
  guest: Guest,
  ref: string,
  line: string,
  answer: RegExp,
  seconds = 90,
): Promise<string> {
  const order = JSON.stringify({ ref, line, pattern: answer.source, seconds });
  const script = `cd /usr/lib/phyllome && bin/node --input-type=module - ${Buffer.from(order).toString('base64')} <<'END'\n${program}END\n`;
  const text = await guest.sh(script, seconds + 60);
  const found = answer.exec(text)?.[1];
  must(found !== undefined, `${ref} answers "${line}"`, text);
  return found;
}
