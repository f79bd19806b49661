// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, type ReactNode } from 'react';
import { Link } from 'wouter';
import { Icon, type IconName } from '../parts/icon.tsx';
import { Header } from '../shell/header.tsx';
import { useText } from '../text/language.ts';
import { AccessSection } from '../access/access-section.tsx';
import { BudgetSection } from './budget-section.tsx';
import { DevicesSection } from './devices-section.tsx';
import { DoctorSection } from './doctor-section.tsx';
import { OverviewSection } from './overview-section.tsx';
import { ServiceSection } from './service-section.tsx';
import { SoftwareSection } from './software-section.tsx';
import './this-pc.css';

const sections = {
  overview: { icon: 'computer', content: OverviewSection },
  budget: { icon: 'memory', content: BudgetSection },
  doctor: { icon: 'shield', content: DoctorSection },
  devices: { icon: 'graphics', content: DevicesSection },
  software: { icon: 'console', content: SoftwareSection },
  access: { icon: 'lock', content: AccessSection },
  service: { icon: 'settings', content: ServiceSection },
} as const satisfies Record<string, { icon: IconName; content: () => ReactNode }>;
type Section = keyof typeof sections;
const names = Object.keys(sections) as Section[];

/** What this PC is and can do for guests. */
export default function ThisPcView({ section }: { section: string | undefined }) {
  const { pc } = useText();
  const current = names.find((name) => name === section) ?? 'overview';
  const Content = sections[current].content;
  // On a narrow screen the switcher is wider than what is seen of it.
  const switcher = useRef<HTMLElement>(null);
  useEffect(() => {
    switcher.current
      ?.querySelector('[aria-current]')
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [current]);
  return (
    <>
      <Header title={pc.title}>
        <nav ref={switcher} className="switcher" aria-label={pc.sections.label}>
          {names.map((name) => (
            <Link
              key={name}
              href={`/pc/${name}`}
              replace
              {...(name === current && { 'aria-current': 'page' as const })}
            >
              <Icon name={sections[name].icon} />
              {pc.sections[name]}
            </Link>
          ))}
        </nav>
      </Header>
      <div className="view">
        <Content />
      </div>
    </>
  );
}
