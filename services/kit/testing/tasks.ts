import type { EventTypeOn } from '../bus/cloud-event.ts';
import { type CloudEvent, newEvent } from '../bus/cloud-event.ts';
import type { Task } from '../bus/event-data.ts';

/** A task with what a test says about it. */
export function sampleTask(given: Partial<Task> = {}): Task {
  const now = new Date().toISOString();
  return {
    id: crypto.randomUUID(),
    owner: 'demo-01',
    title: 'Water the plants',
    notes: '',
    due_at: null,
    remind_at: null,
    recurrence: null,
    done: false,
    version: 1,
    created_at: now,
    updated_at: now,
    ...given,
  };
}

/** An event about a task, as backend-api publishes it. */
export function taskEvent(type: EventTypeOn<'task-events'>, task: Task, id?: string): CloudEvent {
  return newEvent(
    type,
    { task, changed: ['title'], actor: task.owner },
    {
      service: 'backend-api',
      subject: task.id,
      requestId: 'request-1',
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      ...(id === undefined ? {} : { id }),
    },
  );
}
