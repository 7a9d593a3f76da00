import { describe, expect, it } from 'vitest';
import type { AdmittedEntry } from '../entry.ts';
import { overflowService, StreamLabels, type StreamOverflow } from './stream-labels.ts';

const entry = (tags: Record<string, string> = {}, service = 'shop'): AdmittedEntry => {
  const ns = '1700000000000000000';
  return { id: 'b6e1', timestamp_ns: ns, event_ns: ns, level: 'INFO', message: 'paid', service, tags };
};

function labelsWith(allowed: readonly string[], maxStreams = 3, maxServices = 10) {
  const overflows: StreamOverflow[] = [];
  const crowded: string[] = [];
  let now = 0;
  const streams = new StreamLabels(
    {
      ...{ labels: { cluster: 'local' }, allowed, maxStreams, maxServices },
      onOverflow: (one) => overflows.push(one),
      onServiceOverflow: (organization) => crowded.push(organization),
    },
    () => now,
  );
  return { streams, overflows, crowded, pass: (ms: number) => (now += ms) };
}

describe('the stream of an entry', () => {
  it('has the tags on the allow-list, and no others', () => {
    const { streams } = labelsWith(['region']);
    expect(streams.place('acme', entry({ region: 'eu', user: 'u1' }))).toEqual({
      labels: '{region="eu", cluster="local", service="shop", level="INFO", log_format="json"}',
      service: 'shop',
      metadata: [{ name: 'user', value: 'u1' }],
    });
  });

  it('is another for each partition of the queue, and no tag can feign one', () => {
    const { streams } = labelsWith(['kafka_partition', 'region']);
    const place = (tags: Record<string, string>, partition?: string): string =>
      streams.place('acme', entry(tags), partition).labels;
    const plain = 'cluster="local", service="shop", level="INFO", log_format="json"';
    expect(place({}, 'logs/3')).toBe(`{${plain}, kafka_partition="logs/3"}`);
    expect(place({}, 'logs/4')).toBe(`{${plain}, kafka_partition="logs/4"}`);
    expect(place({})).toBe(`{${plain}}`);
    expect(place({ region: 'eu', kafka_partition: 'logs/1' }, 'logs/3')).toBe(
      `{region="eu", tag_kafka_partition="logs/1", ${plain}, kafka_partition="logs/3"}`,
    );
  });

  it('cannot be widened by what stands in a label', () => {
    const { streams } = labelsWith([]);
    expect(streams.place('acme', entry({}, 'a"} or {b="\ud800')).labels).toContain(
      String.raw`service="a\"} or {b=\"�"`,
    );
  });

  it('never takes a label of the platform from a tag', () => {
    const { streams } = labelsWith(['service', 'cluster']);
    expect(streams.place('acme', entry({ service: 'other', cluster: 'theirs' }))).toEqual({
      labels: '{tag_service="other", cluster="local", service="shop", level="INFO", log_format="json"}',
      service: 'shop',
      metadata: [{ name: 'cluster', value: 'theirs' }],
    });
  });

  it('loses its tags when the service has too many streams, and the widest tag is named', () => {
    const { streams, overflows } = labelsWith(['region', 'session']);
    for (const session of ['1', '2', '3']) streams.place('acme', entry({ region: 'eu', session }));
    const { labels, metadata } = streams.place('acme', entry({ region: 'eu', session: '4' }));
    expect(labels).toBe('{cluster="local", service="shop", level="INFO", log_format="json"}');
    expect(metadata).toEqual([
      { name: 'region', value: 'eu' },
      { name: 'session', value: '4' },
    ]);
    expect(overflows).toEqual([{ organization: 'acme', service: 'shop', tag: 'session' }]);
    expect(streams.place('acme', entry({ region: 'eu', session: '1' })).labels).toContain('session="1"');
    expect(streams.place('other', entry({ region: 'eu', session: '4' })).labels).toContain('session="4"');
  });

  it('has its budget anew after an hour', () => {
    const { streams, overflows, pass } = labelsWith(['session'], 1);
    streams.place('acme', entry({ session: '1' }));
    pass(3_600_001);
    expect(streams.place('acme', entry({ session: '2' })).labels).toContain('session="2"');
    expect(overflows).toEqual([]);
  });
});

describe('an organization with too many services', () => {
  it('has those beyond its budget in one stream, with their names beside the line, and is named', () => {
    const { streams, overflows, crowded } = labelsWith(['region'], 3, 2);
    for (const service of ['one', 'two']) streams.place('acme', entry({}, service));
    expect(streams.place('acme', entry({ region: 'eu', user: 'u1' }, 'three'))).toEqual({
      labels: `{cluster="local", service="${overflowService}", level="INFO", log_format="json"}`,
      service: overflowService,
      metadata: [
        { name: 'overflow_service', value: 'three' },
        { name: 'region', value: 'eu' },
        { name: 'user', value: 'u1' },
      ],
    });
    expect(crowded).toEqual(['acme']);
    expect(overflows).toEqual([]);
    expect(streams.place('acme', entry({}, 'one')).labels).toContain('service="one"');
    expect(streams.place('other', entry({}, 'three')).labels).toContain('service="three"');
  });

  it('has its budget anew after an hour', () => {
    const { streams, crowded, pass } = labelsWith([], 3, 1);
    streams.place('acme', entry({}, 'one'));
    pass(3_600_001);
    expect(streams.place('acme', entry({}, 'two')).labels).toContain('service="two"');
    expect(crowded).toEqual([]);
  });

  it('makes no more streams than it may, however many names it sends', () => {
    const { streams } = labelsWith(['region'], 3, 5);
    const made = Array.from(
      { length: 10_000 },
      (_, index) => streams.place('acme', entry({ region: `r${index}` }, `s${index % 5000}`)).labels,
    );
    expect(new Set(made).size).toBeLessThanOrEqual(5 * (3 + 1) + 1);
  });

  it('cannot have a tag in the place of the name', () => {
    const { streams } = labelsWith([], 3, 1);
    streams.place('acme', entry({}, 'one'));
    const sent = entry({ overflow_service: 'x' }, 'two');
    expect(streams.place('acme', sent).metadata).toEqual([
      { name: 'overflow_service', value: 'two' },
      { name: 'tag_overflow_service', value: 'x' },
    ]);
  });
});
