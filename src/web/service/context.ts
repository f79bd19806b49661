// SPDX-License-Identifier: Apache-2.0
import { createContext, useContext } from 'react';
import type { Connection } from './connection.ts';

export const ConnectionContext = createContext<Connection | null>(null);

export function useConnection(): Connection {
  const connection = useContext(ConnectionContext);
  if (connection === null) throw new Error('outside of <App>');
  return connection;
}
