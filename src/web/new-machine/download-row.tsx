// SPDX-License-Identifier: Apache-2.0
import { useId, useState } from 'react';
import { useAction } from '../parts/action.ts';
import type { Image } from '../../contract/image.ts';
import { Button } from '../parts/button.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { Icon } from '../parts/icon.tsx';
import { call } from '../service/api.ts';
import { TaskProgress } from '../tasks/task-progress.tsx';
import { useTask } from '../tasks/use-task.ts';
import { useText } from '../text/language.ts';

interface DownloadRowProps {
  onArriving(isArriving: boolean): void;
  onImage(image: Image): void;
}

/** A file from the web into the library. It is a task, so it goes on when this view is left. */
export function DownloadRow({ onArriving, onImage }: DownloadRowProps) {
  const { what } = useText().create;
  const id = useId();
  const [url, setUrl] = useState('');
  const download = useTask();
  const find = useAction(async (name: string) => {
    const image = (await call('listImages')).find((known) => known.name === name);
    if (image !== undefined) onImage(image);
  });

  const begin = async (): Promise<void> => {
    if (url.trim() === '') return;
    find.clear();
    onArriving(true);
    const done = await download.run(() => call('downloadImage', { body: { url: url.trim() } }));
    if (done?.image !== undefined && (await find.run(done.image))) setUrl('');
    onArriving(false);
  };

  return (
    <div>
      {download.busy ? (
        <div className="row arriving">
          <div className="row-text">
            <p className="row-title">{download.task?.what ?? what.download}</p>
            <TaskProgress
              task={
                download.task ?? {
                  what: what.download,
                  step: '',
                  fraction: null,
                  bytes: null,
                  secondsLeft: null,
                }
              }
            />
          </div>
          <Button
            label={what.abort}
            disabled={download.task === null}
            onClick={() => void download.abort()}
          />
        </div>
      ) : (
        <div className="row download">
          <Icon name="link" />
          <div className="row-text">
            <label htmlFor={id} className="row-title">
              {what.url}
            </label>
            <div id={`${id}-about`} className="row-subtitle">
              {what.urlAbout}
            </div>
          </div>
          <div className="download-field">
            <input
              id={id}
              className="input"
              type="text"
              inputMode="url"
              aria-describedby={`${id}-about`}
              placeholder={what.urlExample}
              value={url}
              maxLength={4096}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setUrl(event.target.value)}
              onKeyDown={(event) => {
                if (event.key !== 'Enter' || url.trim() === '') return;
                // Here it means "download", not "next".
                event.preventDefault();
                void begin();
              }}
            />
            <Button
              label={what.download}
              icon="download"
              disabled={url.trim() === ''}
              onClick={() => void begin()}
            />
          </div>
        </div>
      )}
      {(download.error !== null || find.error !== null) && (
        <div className="row">
          <ErrorNote error={download.error ?? find.error} />
        </div>
      )}
    </div>
  );
}
