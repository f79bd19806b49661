// SPDX-License-Identifier: Apache-2.0
import type { Tools } from '../pc/tools.ts';
import type { Image, Which } from '../images.ts';

/** What a stage is given. */
export interface StageContext {
  tools: Tools;
  /** A folder of its own: empty at its start, removed when it passed */
  work: string;
  /** Pictures and logs for people; kept */
  output: string;
  /** Folder with the keys of whoever built the images; null when it is not there */
  keys: string | null;
  /** @throws when it is not built */
  image(edition: string, which?: Which): Image;
  /** Says what is going on */
  say(text: string): void;
}

/** What a stage found out: figures and facts, kept with its result and shown. */
export type Findings = Record<string, string | number | boolean | null | readonly string[]>;

/** One thing that is proven in an emulated PC. */
export interface Stage {
  name: string;
  /** What it shows, in a sentence */
  shows: string;
  /** Editions whose images it needs; a change of these repeats it */
  images: readonly { edition: string; which?: Which }[];
  /** Stages that must have passed: without what they show, this one would only fail slowly */
  after: readonly string[];
  /** What it takes on two cores without KVM, for whoever decides to wait (s) */
  seconds: number;
  /** @throws what does not hold */
  run(context: StageContext): Promise<Findings>;
}
