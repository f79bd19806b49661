// SPDX-License-Identifier: Apache-2.0
//
// What the step of a task says while an installer waits for a person: written by the engine, read by the page, which
// offers the screen of the machine then.

/** What an installer shows and waits for; the text comes from the guest. */
export interface Asked {
  /** What it was doing */
  step: string;
  question: string;
}

const waits = 'the installer waits for an answer';

/** @param name of the machine */
export function askingStep({ step, question }: Asked, name: string): string {
  return `${step}: ${waits}. Give it in its window ("phyllome open ${name}"). It shows: "${question}"`;
}

/** null: the step is no question. */
export function readAskingStep(text: string): Asked | null {
  const begin = text.indexOf(`: ${waits}. `);
  const [, question] = /"\)\. It shows: "(.*)"$/s.exec(text.slice(Math.max(0, begin))) ?? [];
  return begin < 0 || question === undefined ? null : { step: text.slice(0, begin), question };
}
