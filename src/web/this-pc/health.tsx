// SPDX-License-Identifier: Apache-2.0
import { LinkButton } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import { useFormats, useText } from '../text/language.ts';
import { useDoctor } from './queries.ts';
import { countFindings, isDefined } from './words.ts';

/** What the doctor says, in one sentence; nothing before it has looked. */
export function Health() {
  const { overview } = useText().pc;
  const formats = useFormats();
  const report = useDoctor().data;
  if (report === undefined) return null;
  const { problem, warning } = countFindings(report.findings);
  const found = [
    problem > 0 && overview.problems(problem, formats.number(problem)),
    warning > 0 && overview.warnings(warning, formats.number(warning)),
  ].filter(isDefined);
  return (
    <div className={problem > 0 ? 'note bad' : warning > 0 ? 'note warn' : 'note'}>
      <Icon name={found.length > 0 ? 'warning' : 'check'} />
      <div className="health">
        <p>{found.length > 0 ? overview.health(formats.list(found)) : overview.healthGood}</p>
        <LinkButton label={overview.showFindings} href="/pc/doctor" />
      </div>
    </div>
  );
}
