// SPDX-License-Identifier: Apache-2.0
import type { Task } from '../../../contract/task.ts';

/** What came of a task, in the words of the service. */
export function outcomeOf({ outcome }: Task) {
  return (
    <p lang="en" className="outcome">
      {outcome?.text}
    </p>
  );
}
