// SPDX-License-Identifier: Apache-2.0
import { Type, type Static } from './schema.ts';
import { ErrorReportSchema } from './error-report.ts';

/** Long work (create, stop, download, ...): the same object in API, CLI progress bar and page. */
export const Task = Type.Object(
  {
    id: Type.String(),
    what: Type.String({ description: 'For people: "Create tiny"' }),
    state: Type.Unsafe<'running' | 'done' | 'failed' | 'aborted'>({
      type: 'string',
      enum: ['running', 'done', 'failed', 'aborted'],
    }),
    step: Type.String({ description: 'What it is doing at the moment' }),
    fraction: Type.Union([Type.Number({ minimum: 0, maximum: 1 }), Type.Null()], {
      description: 'How far it is; null when that cannot be known',
    }),
    bytes: Type.Union(
      [
        Type.Object({
          done: Type.Integer(),
          total: Type.Union([Type.Integer(), Type.Null()], { description: 'null when it is not known' }),
          perSecond: Type.Union([Type.Integer(), Type.Null()], {
            description: 'Over the last seconds; null before that can be known',
          }),
        }),
        Type.Null(),
      ],
      { description: 'What was moved so far; null when the work is not counted in bytes' },
    ),
    secondsLeft: Type.Union([Type.Integer(), Type.Null()], {
      description: 'Time remaining at the present speed; null when it cannot be known',
    }),
    startedAt: Type.String(),
    endedAt: Type.Union([Type.String(), Type.Null()]),
    machineId: Type.Union([Type.String(), Type.Null()], { description: 'The machine it works on or made' }),
    image: Type.Optional(Type.String({ description: 'Name in the library of the image it made' })),
    outcome: Type.Optional(
      Type.Object(
        { text: Type.String(), facts: Type.Record(Type.String(), Type.Unknown()) },
        {
          description: 'What came of it, for people and for programs; left out where there is nothing to say',
        },
      ),
    ),
    error: Type.Union([ErrorReportSchema, Type.Null()]),
  },
  { title: 'Task' },
);
export type Task = Static<typeof Task>;
