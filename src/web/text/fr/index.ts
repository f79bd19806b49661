// SPDX-License-Identifier: Apache-2.0
import type { Messages } from '../language.ts';
import { activity } from './activity.ts';
import { bin } from './bin.ts';
import { common } from './common.ts';
import { console } from './console.ts';
import { create } from './create.ts';
import { home } from './home.ts';
import { log } from './log.ts';
import { machine } from './machine.ts';
import { pc } from './pc.ts';
import { screen } from './screen.ts';
import { settings } from './settings.ts';
import { tasks } from './tasks.ts';

export const french: Messages = {
  activity,
  bin,
  common,
  console,
  create,
  home,
  log,
  machine,
  pc,
  screen,
  settings,
  tasks,
};
