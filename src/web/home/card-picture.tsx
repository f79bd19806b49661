// SPDX-License-Identifier: Apache-2.0
import { useRef } from 'react';
import type { MachineSummary } from '../../contract/api.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { useText } from '../text/language.ts';
import type { ThumbnailFeed } from './thumbnail-feed.ts';
import { useSystemName } from './use-system-name.ts';
import { useThumbnail, type Liveliness } from './use-thumbnail.ts';

interface CardPictureProps {
  machine: MachineSummary;
  height: number;
  feed: ThumbnailFeed;
}

/** The screen of a machine, or a drawing with the name of its system. */
export function CardPicture({ machine, height, feed }: CardPictureProps) {
  const { home } = useText();
  const systemName = useSystemName();
  const element = useRef<HTMLDivElement>(null);
  const url = useThumbnail(feed, machine.id, livelinessOf(machine), element);
  const { name } = machine.state;
  return (
    <div
      ref={element}
      className={name === 'paused' || name === 'stopping' ? 'card-picture dimmed' : 'card-picture'}
      data-state={name}
      style={{ height }}
    >
      {url === null ? (
        <div className="card-drawing">
          <Icon name={drawingOf(machine)} size={44} />
          <span>{systemName(machine)}</span>
        </div>
      ) : (
        <img src={url} alt={home.pictureOf(machine.name)} draggable={false} />
      )}
    </div>
  );
}

function livelinessOf({ display, state }: MachineSummary): Liveliness {
  if (!display) return 'none';
  if (state.name === 'running' || state.name === 'stopping') return 'live';
  return state.name === 'paused' ? 'still' : 'none';
}

function drawingOf({ display, state }: MachineSummary): IconName {
  if (state.name === 'broken' || state.name === 'crashed') return 'warning';
  return display ? 'screen' : 'console';
}
