// SPDX-License-Identifier: Apache-2.0
import { useState, type ReactNode } from 'react';
import type { OsStatus, PowerAction } from '../../contract/os.ts';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { StatusPage } from '../parts/status-page.tsx';
import { Header } from '../shell/header.tsx';
import { GoDownDialog } from './go-down-dialog.tsx';
import { NetworkSection } from './network/network-section.tsx';
import { ProtectionSection } from './protection-section.tsx';
import { useOsStatus } from './queries.ts';
import { ResetSection } from './reset/reset-section.tsx';
import { RollbackSection } from './rollback-section.tsx';
import { SettingsSection } from './settings/settings-section.tsx';
import { UpdatesSection } from './updates-section.tsx';
import { VersionsSection } from './versions-section.tsx';
import { useOsWords } from './words.ts';
import './os.css';

export type OsSectionProps = { status: OsStatus };

/** The parts of the view from top to bottom; each is a file or a folder here. */
const sections: readonly ((props: OsSectionProps) => ReactNode)[] = [
  VersionsSection,
  UpdatesSection,
  RollbackSection,
  ProtectionSection,
  NetworkSection,
  SettingsSection,
  ResetSection,
];

/** Phyllome OS itself: versions, updates, and what else belongs to this PC as a whole. */
export default function OsView() {
  const words = useOsWords();
  const query = useOsStatus();
  const [goingDown, setGoingDown] = useState<PowerAction | null>(null);
  return (
    <>
      <Header
        title={words.title}
        end={
          query.data?.image != null && (
            <>
              <Button
                label={words.restart}
                icon="reset"
                kind="flat"
                iconOnly
                onClick={() => setGoingDown('restart')}
              />
              <Button
                label={words.powerOff}
                icon="power"
                kind="flat"
                iconOnly
                onClick={() => setGoingDown('power-off')}
              />
            </>
          )
        }
      />
      <Loaded query={query}>
        {(status) =>
          status.image === null ? (
            <StatusPage icon="computer" title={words.elsewhere.title} text={words.elsewhere.text} />
          ) : (
            <div className="view os-view">
              <Notice status={status} />
              {sections.map((Section) => (
                <Section key={Section.name} status={status} />
              ))}
              {goingDown !== null && (
                <GoDownDialog action={goingDown} status={status} onClose={() => setGoingDown(null)} />
              )}
            </div>
          )
        }
      </Loaded>
    </>
  );
}

function Notice({ status: { notice, image } }: OsSectionProps) {
  const words = useOsWords();
  if (image?.live === true)
    return (
      <div className="note">
        <Icon name="info" />
        <p>{words.live}</p>
      </div>
    );
  if (notice === null) return null;
  const bad = notice.what !== 'put-aside';
  return (
    <div className={bad ? 'note warn' : 'note'} role="status">
      <Icon name={bad ? 'warning' : 'info'} />
      <p>{words.notices[notice.what](notice.version, notice.runs)}</p>
    </div>
  );
}
