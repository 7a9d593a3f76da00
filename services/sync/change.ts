import type { EventTypeOn } from '../kit/bus/cloud-event.ts';
import { changeableFields, type EventData } from '../kit/bus/event-data.ts';

type TaskEventType = EventTypeOn<'task-events'>;
type Change = EventData<'sightline.task.changed'>;

const kinds = {
  'sightline.task.created': 'created',
  'sightline.task.updated': 'updated',
  'sightline.task.completed': 'completed',
  'sightline.task.deleted': 'deleted',
} as const satisfies Record<TaskEventType, Change['change']>;

/** What a client must apply to its copy: only the fields that changed. */
export function changeOf(type: TaskEventType, data: EventData<TaskEventType>): Change {
  const { task, changed } = data;
  const wanted: ReadonlySet<string> = new Set(changed);
  const fields = Object.fromEntries(
    changeableFields.filter((field) => wanted.has(field)).map((field) => [field, task[field]]),
  );
  return {
    owner: task.owner,
    task_id: task.id,
    version: task.version,
    change: kinds[type],
    fields,
    changed_at: task.updated_at,
  };
}
