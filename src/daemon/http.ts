// SPDX-License-Identifier: Apache-2.0

// `import 'node:http'` makes Node load every part of it, its WebSocket and fetch included: 30 ms and 15 MB.
export const { createServer, STATUS_CODES } = process.getBuiltinModule('node:http');
