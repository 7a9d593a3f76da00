import { expect, test } from 'vitest';
import { renderKafkaLogging, renderKafkaProperties } from './kafka.ts';

const at = { host: '127.0.0.1', port: 9092 };
const rendered = renderKafkaProperties({
  dataDir: '/state/data/kafka',
  listen: at,
  advertised: { host: 'kafka.example', port: 19_092 },
  controllerPort: 9094,
});

test('clients are told the advertised address, and the controller stays on loopback', () => {
  expect(rendered).toContain('listeners=CLIENTS://127.0.0.1:9092,CONTROLLER://127.0.0.1:9094\n');
  expect(rendered).toContain('advertised.listeners=CLIENTS://kafka.example:19092\n');
  expect(rendered).toContain('controller.quorum.voters=1@127.0.0.1:9094\n');
  expect(rendered).toContain('log.dirs=/state/data/kafka\n');
});

test('nothing asks for more copies than one node can hold', () => {
  const copies = [
    ...rendered.matchAll(/^(.*(?:replication\.factor|min\.isr|min\.insync\.replicas))=(.*)$/gm),
  ];
  expect(copies).toHaveLength(7);
  expect(copies.map(([, , value]) => value)).toEqual(copies.map(() => '1'));
});

test('a backslash stays one, in paths and in what is logged', () => {
  const dataDir = String.raw`C:\kafka`;
  expect(renderKafkaProperties({ dataDir, listen: at, advertised: at, controllerPort: 1 })).toContain(
    String.raw`log.dirs=C:\\kafka`,
  );
  expect(renderKafkaLogging()).toContain('"message":"%enc{%m}{JSON}"');
});
