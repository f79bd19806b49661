// SPDX-License-Identifier: Apache-2.0
import { useRef } from 'react';
import { Button } from '../parts/button.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { Row } from '../parts/rows.tsx';
import { TaskProgress } from '../tasks/task-progress.tsx';
import { useText } from '../text/language.ts';
import type { Uploading } from './use-upload.ts';

export function UploadRow({ uploading }: { uploading: Uploading }) {
  const { what } = useText().create;
  const input = useRef<HTMLInputElement>(null);
  const { state, error, problem } = uploading;
  return (
    <div>
      {state === null ? (
        <Row
          title={what.upload}
          subtitle={what.uploadAbout}
          icon="upload"
          onClick={() => input.current?.click()}
        />
      ) : (
        <div className="row arriving">
          <div className="row-text">
            <p className="row-title">{what.uploading(state.name)}</p>
            <TaskProgress
              task={{
                what: what.uploading(state.name),
                // All is sent, and the service writes the last of it to the disk.
                step: state.done === state.total ? what.storing : '',
                fraction: state.done === state.total ? null : state.done / state.total,
                bytes: { done: state.done, total: state.total, perSecond: state.perSecond },
                secondsLeft:
                  state.perSecond === null || state.perSecond < 1 || state.done === state.total
                    ? null
                    : Math.round((state.total - state.done) / state.perSecond),
              }}
            />
          </div>
          <Button label={what.abort} onClick={uploading.abort} />
        </div>
      )}
      <input
        ref={input}
        type="file"
        hidden
        aria-label={what.upload}
        onChange={({ target }) => {
          uploading.send([...(target.files ?? [])]);
          // The same file can be chosen again.
          target.value = '';
        }}
      />
      {(error !== null || problem !== null) && (
        <div className="row">
          {error !== null && <ErrorNote error={error} />}
          {problem !== null && (
            <p className="field-problem" role="alert">
              {problem}
            </p>
          )}
        </div>
      )}
    </div>
  );
}
