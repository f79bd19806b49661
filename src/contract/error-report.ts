// SPDX-License-Identifier: Apache-2.0
import { Type } from './schema.ts';
import type { ErrorReport } from './errors.ts';

/** The shape of an ErrorReport for the API description and for events and tasks that carry one. */
export const ErrorReportSchema = Type.Unsafe<ErrorReport>(
  Type.Object(
    {
      code: Type.String({ description: 'Stable name of the error, see docs/errors.md' }),
      message: Type.String(),
      hint: Type.String({ description: 'The next thing to do' }),
      facts: Type.Record(Type.String(), Type.Unknown()),
    },
    { title: 'ErrorReport' },
  ),
);
