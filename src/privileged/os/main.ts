// SPDX-License-Identifier: Apache-2.0
//
// node main.ts: answers the request on its standard input. phyllome-root@.service runs it, once a connection.
import { trustedPath } from '../run-tool.ts';
import { osProgram } from './program.ts';

process.env['PATH'] = trustedPath;
process.umask(0o022);
await osProgram({ input: process.stdin, output: process.stdout, root: '/' });
process.exit(0);
