// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import type { Body } from '../contract/api.ts';
import { parseDefinition } from '../contract/definition.ts';
import { PhyllomeError } from '../contract/errors.ts';
import { formatVersion } from '../contract/machine.ts';
import type { Task } from '../contract/task.ts';
import { microDraft, prepareMicro } from '../catalog/micro/prepare.ts';
import { hostArchitecture } from '../host/architecture.ts';
import { explainNoSpace } from '../host/files.ts';
import { writeDefinitionText } from './definition-file.ts';
import type { EventStream } from './event-stream.ts';
import type { Store } from './store.ts';
import type { Tasks } from './tasks.ts';
import type { ThrowAway } from './throw-away.ts';

export interface CreateMicroOptions {
  store: Store;
  tasks: Tasks;
  events: EventStream;
  cacheDirectory: string;
  throwAway: Pick<ThrowAway, 'made'>;
}

/** Returns the function that makes machines for one command. Whoever asked for one starts it. */
export function createMicroMaker({ store, tasks, events, cacheDirectory, throwAway }: CreateMicroOptions) {
  return (request: Body<'createMicro'>): Task => {
    const architecture = hostArchitecture();
    if (architecture === null)
      throw new PhyllomeError('bad-request', { reason: 'there are no guests for this PC' });
    const id = randomUUID();
    const name = `micro-${id.slice(0, 8)}`;
    const {
      image,
      command,
      env = [],
      vcpus,
      memoryBytes,
      vmm,
      network = false,
      mark,
      terminal = null,
    } = request;
    const definition = parseDefinition({
      ...microDraft(architecture, network),
      ...(vcpus !== undefined && { cpu: { vcpus } }),
      ...(memoryBytes !== undefined && { memory: memoryBytes }),
      ...(vmm !== undefined && { vmm }),
      formatVersion,
      id,
      name,
    });
    return tasks.run(`Make a machine of ${image}`, id, async ({ signal, progress }) => {
      try {
        await using stage = await store.stage(id);
        await prepareMicro(
          { image, command, env, mark, terminal, network },
          {
            directory: stage.directory,
            architecture,
            cacheDirectory,
            progress: (step) => progress(step, null),
            signal,
          },
        );
        signal.throwIfAborted();
        await stage.commit(writeDefinitionText(definition));
        throwAway.made(id);
        events.emit({ type: 'machine.created', machineId: id, machineName: name });
        return id;
      } catch (error) {
        throw explainNoSpace(error, `the machine ${name}`, cacheDirectory);
      }
    });
  };
}
