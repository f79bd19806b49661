// SPDX-License-Identifier: Apache-2.0
import type { ErrorReport } from '../../contract/errors.ts';
import { ServiceError } from '../service/api.ts';
import { useErrorWords } from '../text/error-words.ts';
import { Icon } from './icon.tsx';

/** An error where it happened: what, why, and the next thing to do. Shows nothing for null. */
export function ErrorNote({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null;
  return <ReportNote report={reportOf(error)} />;
}

/** The same for an error that came with a task or an event. */
export function ReportNote({ report }: { report: ErrorReport }) {
  const { message, hint } = useErrorWords(report);
  return (
    <div className="note bad" role="alert">
      <Icon name="error" />
      <div>
        <p>
          <strong>{message}</strong>
        </p>
        {hint !== '' && <p>{hint}</p>}
        <p className="small dim">
          <code>{report.code}</code>
        </p>
      </div>
    </div>
  );
}

/** Whatever was thrown, as a report. What is not the service's is a defect of the page. */
export function reportOf(error: unknown): ErrorReport {
  if (error instanceof ServiceError) return error.report;
  const reason = error instanceof Error ? error.message : String(error);
  return { code: 'internal-error', message: reason, hint: '', facts: { reason } };
}
