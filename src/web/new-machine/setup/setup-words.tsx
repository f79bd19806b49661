// SPDX-License-Identifier: Apache-2.0
import { Fact } from '../review-step.tsx';
import { hostnameFrom, offers, userNameOf, type AnswerFormat, type Answers } from './answers.ts';
import { useSetupText } from './words.ts';

interface SetupWordsProps {
  /** null: its user answers the installer */
  answers: Answers | null;
  format: AnswerFormat;
  name: string;
}

/** The answers as one line of the last look. */
export function SetupWords({ answers, format, name }: SetupWordsProps) {
  const { review, packagesAre } = useSetupText();
  if (answers === null) return <Fact term={review.term}>{review.no}</Fact>;
  const { packages, encryption, hostnameLength } = offers[format];
  const hostname = answers.hostname ?? hostnameFrom(name, hostnameLength);
  return (
    <Fact term={review.term}>
      {[
        review.is(userNameOf(answers), hostname),
        packages && packagesAre[answers.packages],
        encryption && answers.encrypt && review.encrypted,
      ]
        .filter((fact) => fact !== false)
        .join(' · ')}
    </Fact>
  );
}
