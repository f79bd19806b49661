// SPDX-License-Identifier: Apache-2.0
import { groundOf, letters } from './monogram.ts';

/** Stands for a family of systems, beside its name: hidden from screen readers. */
export function Monogram({ name, colour, size }: { name: string; colour: string; size: number }) {
  const { ground, ink } = groundOf(colour);
  return (
    <span
      className="monogram"
      aria-hidden="true"
      style={{ width: size, height: size, fontSize: size * 0.42, background: ground, color: ink }}
    >
      {letters(name)}
    </span>
  );
}
