// SPDX-License-Identifier: Apache-2.0
//
// phyllome-unlock.service: root, before the service starts.
import { osTool } from './os-tool.ts';
import { openFolder } from './folder-lock.ts';

// Where the folder is on an installed PC, and nowhere else (phyllome.service).
const folder = '/var/lib/phyllome';

await openFolder({
  root: '/',
  folder,
  ask: async (question) => {
    const argv = ['/usr/bin/systemd-ask-password', '--timeout=0', '--id=phyllome', `${question}:`];
    return (await osTool('/', argv)).replace(/\n$/, '');
  },
  tell: (line) => console.log(line),
});
