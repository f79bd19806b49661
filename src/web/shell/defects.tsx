// SPDX-License-Identifier: Apache-2.0
import { Component, type ReactNode } from 'react';
import { Button } from '../parts/button.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { useText } from '../text/language.ts';

/** Catches a defect in a view, so that the others can still be used. (React offers this only to classes.) */
export class Defects extends Component<{ children: ReactNode }, { error: unknown }> {
  override state = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    return this.state.error === null ? this.props.children : <Defect error={this.state.error} />;
  }
}

function Defect({ error }: { error: unknown }) {
  const { defect, retry } = useText().common;
  return (
    <div className="view">
      <h1>{defect.title}</h1>
      <ErrorNote error={error} />
      <p>{defect.hint}</p>
      <div>
        <Button label={retry} onClick={() => location.reload()} />
      </div>
    </div>
  );
}
