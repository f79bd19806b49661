// SPDX-License-Identifier: Apache-2.0
//
// Boxed lists and their rows: what settings, lists of facts and choices are made of.
import { useId, type ReactNode } from 'react';
import { Link } from 'wouter';
import { Icon, type IconName } from './icon.tsx';

interface GroupProps {
  title?: string;
  description?: ReactNode;
  /** A button at the end of the title */
  end?: ReactNode;
  children: ReactNode;
}

/** A titled boxed list. */
export function Group({ title, description, end, children }: GroupProps) {
  const heading = useId();
  return (
    <section className="group" {...(title !== undefined && { 'aria-labelledby': heading })}>
      {(title !== undefined || end !== undefined) && (
        <header>
          <div>
            {title !== undefined && <h2 id={heading}>{title}</h2>}
            {description !== undefined && <p className="dim small">{description}</p>}
          </div>
          {end}
        </header>
      )}
      <div className="card list">{children}</div>
    </section>
  );
}

interface RowProps {
  title: ReactNode;
  subtitle?: ReactNode;
  icon?: IconName;
  /** What stands at the end: a value, a button, a field */
  end?: ReactNode;
  /** The whole row leads there */
  href?: string;
  /** The whole row is a button */
  onClick?(): void;
}

export function Row({ title, subtitle, icon, end, href, onClick }: RowProps) {
  const content = (
    <>
      {icon !== undefined && <Icon name={icon} />}
      <span className="row-text">
        <span className="row-title">{title}</span>
        {subtitle !== undefined && subtitle !== '' && (
          <>
            <br />
            <span className="row-subtitle">{subtitle}</span>
          </>
        )}
      </span>
      {end !== undefined && <span className="row-end">{end}</span>}
      {(href !== undefined || onClick !== undefined) && <Icon name="forward" />}
    </>
  );
  if (href !== undefined)
    return (
      <Link href={href} className="row">
        {content}
      </Link>
    );
  if (onClick !== undefined)
    return (
      <button type="button" className="row" onClick={onClick}>
        {content}
      </button>
    );
  return <div className="row">{content}</div>;
}

interface FieldRowProps<Value> {
  title: string;
  subtitle?: ReactNode;
  value: Value;
  onChange(value: Value): void;
  disabled?: boolean;
  /** What is wrong with the value; shown below and said by screen readers */
  problem?: string | null;
}

/** Wraps a field into a row with its label; `children` gets the ids the field needs. */
export function FieldRow({
  title,
  subtitle,
  problem = null,
  children,
}: {
  title: string;
  subtitle?: ReactNode;
  problem?: string | null;
  children: (ids: { id: string; 'aria-describedby': string; 'aria-invalid': boolean }) => ReactNode;
}) {
  const id = useId();
  const described = `${id}-about`;
  return (
    <div className="row">
      <div className="row-text">
        <label htmlFor={id} className="row-title">
          {title}
        </label>
        <div id={described}>
          {subtitle !== undefined && <div className="row-subtitle">{subtitle}</div>}
          {problem !== null && <div className="field-problem">{problem}</div>}
        </div>
      </div>
      {children({ id, 'aria-describedby': described, 'aria-invalid': problem !== null })}
    </div>
  );
}

export function SwitchRow({ value, onChange, disabled = false, ...about }: FieldRowProps<boolean>) {
  return (
    <FieldRow {...about}>
      {(ids) => (
        <input
          {...ids}
          type="checkbox"
          role="switch"
          className="switch"
          checked={value}
          disabled={disabled}
          onChange={(event) => onChange(event.target.checked)}
        />
      )}
    </FieldRow>
  );
}

interface SelectRowProps<Value extends string> extends FieldRowProps<Value> {
  options: readonly { value: Value; label: string; disabled?: boolean }[];
}

export function SelectRow<Value extends string>({
  value,
  onChange,
  options,
  disabled = false,
  ...about
}: SelectRowProps<Value>) {
  return (
    <FieldRow {...about}>
      {(ids) => (
        <select
          {...ids}
          className="input"
          value={value}
          disabled={disabled}
          onChange={(event) => onChange(event.target.value as Value)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value} disabled={option.disabled}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </FieldRow>
  );
}

interface TextRowProps extends FieldRowProps<string> {
  placeholder?: string;
  maxLength?: number;
  mono?: boolean;
}

export function TextRow({
  value,
  onChange,
  disabled = false,
  placeholder,
  maxLength,
  mono = false,
  ...about
}: TextRowProps) {
  return (
    <FieldRow {...about}>
      {(ids) => (
        <input
          {...ids}
          className={mono ? 'input mono' : 'input'}
          value={value}
          disabled={disabled}
          spellCheck={false}
          autoComplete="off"
          {...(placeholder !== undefined && { placeholder })}
          {...(maxLength !== undefined && { maxLength })}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </FieldRow>
  );
}
