import { expect, test } from 'vitest';
import { sampleTask } from '../kit/testing/tasks.ts';
import { nextDue, nextOccurrence } from './next-occurrence.ts';

test.each([
  ['daily', '2030-01-31T09:00:00Z', '2030-01-31T10:00:00Z', '2030-02-01T09:00:00.000Z'],
  ['weekly', '2030-01-31T09:00:00Z', '2030-01-31T10:00:00Z', '2030-02-07T09:00:00.000Z'],
  ['monthly', '2030-01-31T09:00:00Z', '2030-01-31T10:00:00Z', '2030-02-28T09:00:00.000Z'],
  ['monthly', '2032-01-31T09:00:00Z', '2032-01-31T10:00:00Z', '2032-02-29T09:00:00.000Z'],
  // Completed early: the period after the due date, not after the completion.
  ['daily', '2030-01-31T09:00:00Z', '2030-01-30T10:00:00Z', '2030-02-01T09:00:00.000Z'],
  // Completed late: what was missed is skipped, and a month that was cut short does not stay so.
  ['daily', '2030-01-01T09:00:00Z', '2030-03-01T08:00:00Z', '2030-03-01T09:00:00.000Z'],
  ['monthly', '2030-01-31T09:00:00Z', '2030-03-15T10:00:00Z', '2030-03-31T09:00:00.000Z'],
  ['monthly', '2020-01-31T09:00:00Z', '2030-11-30T09:00:00Z', '2030-12-31T09:00:00.000Z'],
] as const)('%s from %s, completed %s: %s', (recurrence, start, now, expected) => {
  expect(nextDue(new Date(start), recurrence, new Date(now)).toISOString()).toBe(expected);
});

test('the reminder keeps its distance, and what does not recur has no next', () => {
  const now = new Date('2030-01-31T10:00:00Z');
  const times = { due_at: '2030-01-31T09:00:00Z', remind_at: '2030-01-31T08:30:00Z' };
  expect(nextOccurrence(sampleTask({ ...times, recurrence: 'daily', done: true }), now)).toEqual({
    title: 'Water the plants',
    notes: '',
    owner: 'demo-01',
    recurrence: 'daily',
    due_at: '2030-02-01T09:00:00.000Z',
    remind_at: '2030-02-01T08:30:00.000Z',
  });
  expect(nextOccurrence(sampleTask(times), now)).toBeUndefined();
});
