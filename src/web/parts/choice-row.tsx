// SPDX-License-Identifier: Apache-2.0
import { useId, type ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';
import './choice-row.css';

interface ChoiceRowProps {
  /** Of the group of choices; one of them holds */
  name: string;
  title: ReactNode;
  subtitle?: ReactNode;
  icon?: IconName;
  checked: boolean;
  disabled?: boolean;
  onChoose(): void;
}

/** One of several: a row with a radio button, pressable as a whole. */
export function ChoiceRow({
  name,
  title,
  subtitle,
  icon,
  checked,
  disabled = false,
  onChoose,
}: ChoiceRowProps) {
  const id = useId();
  return (
    <label className="row choice" data-checked={checked} data-disabled={disabled}>
      {icon !== undefined && <Icon name={icon} size={20} />}
      <span className="row-text">
        <span id={`${id}-title`} className="row-title">
          {title}
        </span>
        {subtitle !== undefined && (
          <>
            <br />
            <span id={`${id}-about`} className="row-subtitle">
              {subtitle}
            </span>
          </>
        )}
      </span>
      <input
        type="radio"
        name={name}
        checked={checked}
        disabled={disabled}
        aria-labelledby={`${id}-title`}
        {...(subtitle !== undefined && { 'aria-describedby': `${id}-about` })}
        onChange={onChoose}
      />
    </label>
  );
}
