// SPDX-License-Identifier: Apache-2.0
import { Type } from '../contract/schema.ts';

/** What the addresses of `streams` in contract/api.ts take in their path and query. */
export const snapshotParams = Type.Object({
  ref: Type.String({ description: 'Name or id of the machine' }),
  snapshot: Type.String({ description: 'Id or name of the snapshot' }),
});

export const machineParams = Type.Object({
  ref: Type.String({ minLength: 1, maxLength: 200, description: "A machine's name or id" }),
});

export const imageParams = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 1000, description: 'Name it gets in the library' }),
});

export const eventsQuery = Type.Object({
  lastEventId: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'Id of the last event you know, for clients that cannot send the Last-Event-ID header',
    }),
  ),
  for: Type.Optional(
    Type.Unsafe<'screen'>({
      type: 'string',
      enum: ['screen'],
      description: 'You are the screen of this PC: you show what "favourite.changed" says',
    }),
  ),
});

export const serialQuery = Type.Object({
  history: Type.Integer({
    minimum: 0,
    maximum: 2 ** 20,
    default: 2 ** 16,
    description: 'How many bytes of earlier output are sent first',
  }),
});

export const displayQuery = Type.Object({});
