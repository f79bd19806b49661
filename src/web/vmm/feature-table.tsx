// SPDX-License-Identifier: Apache-2.0
import { useId, useState } from 'react';
import type { VmmClaim, VmmFeature, VmmOverview } from '../../contract/vmm.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { sourceText, useVmmText, vmmName } from './words.ts';

const looks: Record<VmmClaim['possible'], { icon: IconName; className: string }> = {
  yes: { icon: 'check', className: 'possible good' },
  partly: { icon: 'partly', className: 'possible warn' },
  no: { icon: 'close', className: 'possible bad' },
};

interface FeatureTableProps {
  vmms: readonly VmmOverview[];
  /** Of the guests */
  architecture: string;
}

/** What VMMs can do: a line a feature, a column a VMM. It scrolls in itself where it is wider than the screen. */
export function FeatureTable({ vmms, architecture }: FeatureTableProps) {
  const text = useVmmText();
  if (vmms.length === 0) return null;
  const features = [...new Set(vmms.flatMap(({ claims }) => claims.map(({ feature }) => feature)))];
  return (
    <div className="group">
      <header>
        <div>
          <h3>{text.list.can}</h3>
          <p className="dim small">{text.list.canAbout}</p>
        </div>
      </header>
      {/* oxlint-disable jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by the keyboard */}
      <div
        className="card feature-scroll"
        tabIndex={0}
        role="region"
        aria-label={`${text.list.can} (${architecture})`}
      >
        <table className="features">
          <thead>
            <tr>
              <th scope="col">{text.list.feature}</th>
              {vmms.map(({ vmm }) => (
                <th key={vmm} scope="col">
                  {vmmName(vmm, text)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {features.map((feature) => (
              <FeatureRows key={feature} feature={feature} vmms={vmms} />
            ))}
          </tbody>
        </table>
      </div>
      {/* oxlint-enable jsx-a11y/no-noninteractive-tabindex */}
    </div>
  );
}

/** A feature, and below it, when it was opened, how that is known of each VMM. */
function FeatureRows({ feature, vmms }: { feature: VmmFeature; vmms: readonly VmmOverview[] }) {
  const text = useVmmText();
  const [open, setOpen] = useState(false);
  const details = useId();
  const found = vmms.map(({ vmm, claims }) => ({
    vmm,
    claim: claims.find((claim) => claim.feature === feature),
  }));
  return (
    <>
      <tr>
        <th scope="row">
          <button
            type="button"
            className="feature-name"
            aria-expanded={open}
            {...(open && { 'aria-controls': details })}
            onClick={() => setOpen(!open)}
          >
            <Icon name={open ? 'down' : 'forward'} size={12} />
            {text.features[feature] ?? feature}
          </button>
        </th>
        {found.map(({ vmm, claim }) => (
          <td key={vmm}>{claim !== undefined && <Possible possible={claim.possible} />}</td>
        ))}
      </tr>
      {open && (
        <tr id={details} className="feature-details">
          <td colSpan={vmms.length + 1}>
            <dl>
              {found.map(({ vmm, claim }) => (
                <div key={vmm}>
                  <dt>{vmmName(vmm, text)}</dt>
                  <dd>
                    {claim === undefined
                      ? ''
                      : `${text.possible[claim.possible]} · ${sourceText(claim, text)}`}
                    {claim !== undefined && claim.detail !== '' && <p lang="en">{claim.detail}</p>}
                  </dd>
                </div>
              ))}
            </dl>
          </td>
        </tr>
      )}
    </>
  );
}

function Possible({ possible }: { possible: VmmClaim['possible'] }) {
  const text = useVmmText();
  const { icon, className } = looks[possible];
  return (
    <span className={className} title={text.possible[possible]}>
      <Icon name={icon} />
      <span className="visually-hidden">{text.possible[possible]}</span>
    </span>
  );
}
