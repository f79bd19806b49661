// SPDX-License-Identifier: Apache-2.0

/** How far something is: 0 to 1, or null when that cannot be known. The label says what. */
export function Progress({ fraction, label }: { fraction: number | null; label: string }) {
  const value = fraction === null ? {} : { 'aria-valuenow': Math.round(fraction * 100) };
  return (
    <div
      className={fraction === null ? 'progress unknown' : 'progress'}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...value}
    >
      <div {...(fraction !== null && { style: { width: `${fraction * 100}%` } })} />
    </div>
  );
}
