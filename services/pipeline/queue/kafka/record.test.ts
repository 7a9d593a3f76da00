import { expect, it } from 'vitest';
import type { AdmittedEntry } from '../../entry.ts';
import { batchOf, entriesOf } from '../batch.ts';
import type { LogBatch } from '../log-queue.ts';
import { batchOfRecord, type QueueRecord, recordsOf } from './record.ts';

const ns = '1700000000000000000';
const entry = (message: string): AdmittedEntry => ({
  ...{ id: message.slice(0, 36), timestamp_ns: ns, event_ns: ns, level: 'INFO', message, service: 'shop' },
});
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** The record as it comes back from the broker. */
const read = ({ value, headers }: QueueRecord) => batchOfRecord({ value, headers: [...headers] });
const firstOf = (batch: LogBatch): QueueRecord => {
  const [record] = recordsOf(batch, 1_000_000);
  return record ?? expect.unreachable('a batch has a record');
};

it('a batch comes back as it went, with its trace', () => {
  const batch = batchOf('acme', [entry('one'), entry('two ✓')], traceparent);
  expect(read(firstOf(batch))).toEqual({ ...batch, body: Buffer.from(batch.body) });
  expect(read(firstOf(batchOf('acme', [entry('one')])))).not.toHaveProperty('traceparent');
});

it('a batch that is larger than a record may be goes in several, in its order', () => {
  const names = Array.from({ length: 9 }, (_, index) => `${index} ${'x'.repeat(1000)}`);
  const records = recordsOf(batchOf('acme', names.map(entry), traceparent), 3000);
  expect(records.length).toBeGreaterThan(3);
  expect(Math.max(...records.map(({ value }) => value.byteLength))).toBeLessThanOrEqual(3000);
  const back = records.map((record) => read(record) as LogBatch);
  expect(back.flatMap((batch) => entriesOf(batch).map(({ message }) => message))).toEqual(names);
  expect(back.every((batch) => batch.traceparent === traceparent && batch.organization === 'acme')).toBe(
    true,
  );
});

it('one entry that is larger than a record should be goes alone', () => {
  expect(recordsOf(batchOf('acme', [entry('x'.repeat(5000))]), 3000)).toHaveLength(1);
});

it.each([
  ['a byte of the body', (record: QueueRecord) => record.value.fill(0, 10, 11)],
  [
    'the organization',
    (record: QueueRecord) => [...record.headers].find(([name]) => `${name}` === 'organization')?.[1].fill(98),
  ],
])('%s that changed on its way is noticed', (_, change) => {
  const record = firstOf(batchOf('acme', [entry('one')]));
  change(record);
  expect(read(record)).toBe('its checksum does not match its bytes');
});

it('one that gets smaller goes compressed', () => {
  const batch = batchOf('acme', [entry('paid '.repeat(1000))]);
  const body = Buffer.concat([batch.body]);
  const record = firstOf(batch);
  expect(record.value.byteLength).toBeLessThan(body.byteLength / 4);
  expect(read(record)).toEqual({ ...batch, body });
});

it('what another wrote into the queue’s topic is told apart', () => {
  const foreign = { value: Buffer.from('[]'), headers: [] };
  expect(batchOfRecord(foreign)).toBe('it is none of the gateway’s');
  expect(batchOfRecord({ ...foreign, value: null })).toBe('it is none of the gateway’s');
  const broken = recordsOf({ organization: 'acme', count: 1, body: Buffer.from([0, 9, 9]) }, 1000);
  expect(broken.map(read)).toEqual([expect.stringMatching(/^it cannot be decompressed: /)]);
});
