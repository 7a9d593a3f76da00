import { describe, expect, it } from 'vitest';
import type { AdmittedEntry } from '../entry.ts';
import { labelName, lineOf, readLine } from './line.ts';

const entry: AdmittedEntry = {
  id: 'b6e1',
  timestamp_ns: '1700000000123456790',
  event_ns: '1700000000123456789',
  level: 'ERROR',
  message: 'paid "twice"',
  service: 'shop',
  request_id: 'r-1',
};

describe('the line of an entry', () => {
  it('is one of the platform, with the event’s own time and the id', () => {
    expect(JSON.parse(lineOf(entry))).toEqual({
      timestamp: '2023-11-14T22:13:20.123456789Z',
      level: 'ERROR',
      message: 'paid "twice"',
      request_id: 'r-1',
      id: 'b6e1',
    });
  });

  it('keeps free fields, which never stand in for its own nor for each other', () => {
    const fields = { amount: 7, level: 'none', field_level: 'some', field_free: 1, items: [{ sku: 'a' }] };
    const line = lineOf({ ...entry, fields });
    expect(JSON.parse(line)).toMatchObject({
      level: 'ERROR',
      field_level: 'none',
      field_field_level: 'some',
      field_free: 1,
      amount: 7,
      items: [{ sku: 'a' }],
    });
    expect(readLine(line)).toEqual({ message: 'paid "twice"', fields });
  });

  it.each(['no JSON', '7', 'null', '[]', '{"message":7}'])('that another wrote is a message: %s', (line) => {
    expect(readLine(line)).toEqual({ message: line });
  });

  it('has fields of any name', () => {
    const fields = JSON.parse('{"__proto__":{"a":1},"constructor":2,"7":3,"field_host":4,"host":5,"":6}');
    expect(readLine(lineOf({ ...entry, fields })).fields).toEqual(fields);
  });
});

it.each([
  ['build.number', 'build_number'],
  ['id', 'tag_id'],
  ['7th', 'tag_7th'],
  ['__name__', 'tag___name__'],
])('the tag %s is the label %s', (tag, label) => {
  expect(labelName(tag)).toBe(label);
});
