import type { Topic } from './labels.ts';
import type { ServiceName } from './services.ts';
import type { EventDefinition } from './types.ts';

/** CloudEvents types, by the topic they travel on. */
export const events = {
  'sightline.task.created': {
    topic: 'task-events',
    description: 'A task was created',
    publishers: ['backend-api'],
    subscribers: ['recurring-task', 'notification', 'sync', 'audit'],
  },
  'sightline.task.updated': {
    topic: 'task-events',
    description: 'Fields of a task changed',
    publishers: ['backend-api'],
    subscribers: ['recurring-task', 'notification', 'sync', 'audit'],
  },
  'sightline.task.completed': {
    topic: 'task-events',
    description: 'A task was completed; a recurring one gets its next occurrence',
    publishers: ['backend-api'],
    subscribers: ['recurring-task', 'notification', 'sync', 'audit'],
  },
  'sightline.task.deleted': {
    topic: 'task-events',
    description: 'A task was deleted',
    publishers: ['backend-api'],
    subscribers: ['recurring-task', 'notification', 'sync', 'audit'],
  },
  'sightline.task.changed': {
    topic: 'task-updates',
    description: 'A change ready to be pushed to the connected clients of its owner',
    publishers: ['sync'],
    subscribers: ['backend-api'],
  },
  'sightline.reminder.sent': {
    topic: 'reminders',
    description: 'A reminder was sent to its user',
    publishers: ['notification'],
    subscribers: ['audit'],
  },
} as const satisfies Record<string, EventDefinition<ServiceName> & { readonly topic: Topic }>;

export type EventType = keyof typeof events;

/** Where a copy of each event goes that a service gave up on, for whoever else wants to see it. */
export const deadLetterTopicOf = (service: ServiceName): string => `dead-letters-${service}`;
