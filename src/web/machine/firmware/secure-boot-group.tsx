// SPDX-License-Identifier: Apache-2.0
import type { FirmwareState } from '../../../contract/catalog.ts';
import { Button } from '../../parts/button.tsx';
import { English } from '../../parts/english.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Group } from '../../parts/rows.tsx';
import { CertificateTable } from './certificate-table.tsx';
import { useFirmwareText } from './words.ts';
import './firmware.css';

interface SecureBootGroupProps {
  state: FirmwareState;
  /** Why nothing can be enrolled now; null: it can */
  hindrance: string | null;
  onEnrol(): void;
}

const looks: Record<FirmwareState['secureBoot'], 'good' | 'warn' | ''> = {
  enforced: 'good',
  off: '',
  'setup-mode': 'warn',
  unsupported: '',
  'not-started': '',
};

/** Whether the firmware lets only signed programs start, and whom it trusts. */
export function SecureBootGroup({ state, hindrance, onEnrol }: SecureBootGroupProps) {
  const text = useFirmwareText();
  const { secureBoot, microsoft2011, microsoft2023, certificates, warnings } = state;
  const look = looks[secureBoot];
  const isKnown = certificates.length > 0;
  return (
    <Group title={text.title}>
      <div className="row secure-boot" data-look={look}>
        <span className="secure-boot-picture">
          <Icon name={secureBoot === 'enforced' ? 'shield' : 'lock'} size={26} />
        </span>
        <span className="row-text">
          <span className={`pill ${look}`}>{text.states[secureBoot]}</span>
          <br />
          <span className="row-subtitle">{text.about[secureBoot]}</span>
        </span>
      </div>
      {isKnown && (
        <div className="row microsoft">
          <Icon name={microsoft2023 ? 'check' : 'warning'} />
          <span className="row-text">
            <span className="row-title">{text.microsoft}</span>
            <br />
            <span className="row-subtitle">
              {[
                microsoft2011 ? text.has('2011') : text.lacks('2011'),
                microsoft2023 ? text.has('2023') : text.lacks('2023'),
              ].join(' · ')}
            </span>
            {microsoft2011 && !microsoft2023 && (
              <>
                <br />
                <span className="row-subtitle">{text.old}</span>
              </>
            )}
          </span>
          {microsoft2011 && !microsoft2023 && (
            <Button label={text.enrol} {...(hindrance !== null && { reason: hindrance })} onClick={onEnrol} />
          )}
        </div>
      )}
      {warnings.map((warning) => (
        <div key={warning} className="row">
          <Icon name="warning" />
          <span className="row-text">
            <English>{warning}</English>
          </span>
        </div>
      ))}
      {isKnown && <CertificateTable certificates={certificates} />}
    </Group>
  );
}
