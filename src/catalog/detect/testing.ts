// SPDX-License-Identifier: Apache-2.0
import type { MediumFacts } from '../../disk/medium/read-medium.ts';

/** A medium that says only this. */
export function mediumWith(said: Partial<MediumFacts>): MediumFacts {
  return {
    volume: '',
    volumeSet: '',
    system: '',
    publisher: '',
    preparer: '',
    application: '',
    joliet: '',
    udf: '',
    bytes: 0,
    created: null,
    bootable: true,
    boot: null,
    hybrid: false,
    bootCode: false,
    names: [],
    loaders: [],
    texts: {},
    windows: null,
    ...said,
  };
}
