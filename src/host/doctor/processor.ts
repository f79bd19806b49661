// SPDX-License-Identifier: Apache-2.0
//
// A kernel hides VT-x (since 5.6) and AMD-V (since 6.7) where the firmware has switched them off, so their absence has
// two meanings. What else the processor is tells them apart.
import type { HostReport } from '../../contract/host.ts';

/** Does this processor have virtualisation, whatever the firmware did to it? null: we do not know this one. */
export function couldVirtualise({ cpu }: HostReport): boolean | null {
  const model = cpu.model ?? '';
  if (cpu.vendor === 'AMD' || cpu.vendor === 'Hygon') return amd(model);
  if (cpu.vendor === 'Intel') return intel(model);
  // Zhaoxin and VIA have had VT-x since the Nano.
  return cpu.vendor === 'Zhaoxin' ? true : null;
}

// Every AMD64 processor since socket AM2 (2006) has AMD-V but the Semprons of the K8 and some first Athlons 64.
function amd(model: string): boolean | null {
  if (
    /Ryzen|EPYC|Threadripper|Phenom|Opteron.*\b[1-6]3\d\d\b|\bFX|\bA\d+-|\bE\d?-|Athlon\(tm\) (?:II|X4|\d+G)/i.test(
      model,
    )
  )
    return true;
  if (/Athlon (?:Gold|Silver|\d{3,4}G|PRO)/i.test(model)) return true;
  if (/Sempron|Athlon\(tm\) 64 Processor|Athlon\(tm\) XP|Duron/i.test(model)) return false;
  return null;
}

// Intel ARK: all Core i, Core Ultra and N processors have VT-x but for a dozen of 2008-2010; before that, it was sold
// as an extra.
const intelWith = [
  /Core\(TM\) (?:i[3579]|m[357]|M-|Ultra|[3579] )/,
  /(?:Intel\(R\)|Processor) N\d{2,3}\b/,
  /Xeon\(R\) (?:CPU )?(?:Gold|Silver|Bronze|Platinum|W|D|E[357]?-|6)/,
  // Celerons and Pentiums of Sandy Bridge (2011) and later.
  /(?:Celeron|Pentium).*\b(?:[GJN]\d{4}|\d{4}[UYM]E?|8[4-8]7|Gold|Silver)\b/,
];
const intelWithout = [
  /Atom\(TM\).*\b(?:N[24]\d\d|D[45]\d\d|[23]30|Z5[0-4]0)\b/,
  /Celeron\(R\) (?:M|D|CPU\s+[2-79]\d{2}\b|Dual)/,
  /Pentium\(R\) (?:4|III|M)\b/,
  /Pentium\(R\) Dual(?:-Core)?\s+(?:CPU\s+)?(?:E2|E52|T[234])/,
];

function intel(model: string): boolean | null {
  if (/Core\(TM\)2/.test(model)) return core2(model);
  if (intelWithout.some((pattern) => pattern.test(model))) return false;
  return intelWith.some((pattern) => pattern.test(model)) ? true : null;
}

function core2(model: string): boolean | null {
  if (
    /\b(?:E4\d00|E7[2-4]00|Q8[2-3]00|T5[2-5][0-9]0|T5750|T5800|T5850|T5870|T5900|T6[4-6]\d\d)\b/.test(model)
  )
    return false;
  if (
    /\b(?:E6[3-8]\d0|E8\d00|Q6\d00|Q9\d\d\d|Q95\d0S?|T7\d00|T8\d00|T9\d00|P[789]\d\d\d|L7\d00|SU9\d00|SL9\d00|X\d+)\b/.test(
      model,
    )
  )
    return true;
  return null;
}
