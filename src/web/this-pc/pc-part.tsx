// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import { Icon, type IconName } from '../parts/icon.tsx';

/** One thing that a PC is made of. */
export function PcPart({ icon, title, children }: { icon: IconName; title: string; children: ReactNode }) {
  return (
    <section className="card pc-part">
      <Icon name={icon} size={40} />
      <div>
        <h3>{title}</h3>
        {children}
      </div>
    </section>
  );
}

/** How much of something is used, as a bar and in words. */
export function Usage({ label, text, fraction }: { label: string; text: string; fraction: number }) {
  const percent = Math.round(Math.min(1, Math.max(0, fraction)) * 100);
  return (
    <div className="pc-usage">
      <div
        className="progress"
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        aria-valuetext={text}
      >
        <div style={{ width: `${percent}%` }} />
      </div>
      <p className="small dim">{text}</p>
    </div>
  );
}
