import { describe, expect, it } from 'vitest';
import type { AdmittedEntry } from '../entry.ts';
import { pushEntryOf } from './line.ts';
import { decodePush, encodePush } from './push-proto.ts';

const entry: AdmittedEntry = {
  id: 'b6e1',
  timestamp_ns: '1700000000123456790',
  event_ns: '1700000000123456789',
  level: 'ERROR',
  message: 'paid "twice"',
  service: 'shop',
  request_id: 'r-1',
};

describe('an entry in Loki', () => {
  it('is a line of the platform, with the event’s own time and the id', () => {
    expect(JSON.parse(pushEntryOf(entry).line)).toEqual({
      timestamp: '2023-11-14T22:13:20.123456789Z',
      level: 'ERROR',
      message: 'paid "twice"',
      request_id: 'r-1',
      id: 'b6e1',
    });
  });

  it('is stored at the instant of its admission', () => {
    expect(pushEntryOf(entry).timestamp).toEqual({ seconds: 1_700_000_000, nanos: 123_456_790 });
  });

  it('keeps what many values stand in beside the line', () => {
    expect(pushEntryOf(entry, { tags: { 'build.number': '7', id: 'mine' } }).structuredMetadata).toEqual([
      { name: 'id', value: 'b6e1' },
      { name: 'event_ns', value: '1700000000123456789' },
      { name: 'request_id', value: 'r-1' },
      { name: 'build_number', value: '7' },
      { name: 'tag_id', value: 'mine' },
    ]);
  });

  it('keeps free fields, which never stand in for its own', () => {
    const fields = { amount: 7, level: 'none', items: [{ sku: 'a' }] };
    expect(JSON.parse(pushEntryOf({ ...entry, fields }).line)).toMatchObject({
      level: 'ERROR',
      field_level: 'none',
      amount: 7,
      items: [{ sku: 'a' }],
    });
  });
});

it('a push is read as it was written', () => {
  const streams = [
    { labels: '{service="shop"}', entries: [pushEntryOf(entry), pushEntryOf({ ...entry, message: '✓' })] },
    { labels: '{}', entries: [] },
  ];
  expect(decodePush(encodePush(streams))).toEqual(streams);
});
