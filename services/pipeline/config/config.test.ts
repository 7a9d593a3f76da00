import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { printedConfig } from './print-config.ts';
import { readPipelineConfig } from './read-config.ts';
import { configSchema } from './schema.ts';
import { settings } from './variables.ts';

const directory = mkdtempSync(join(tmpdir(), 'pipeline-config-'));
afterAll(() => rmSync(directory, { recursive: true }));

function file(text: string): string {
  const path = join(directory, `${Math.random()}.yaml`);
  writeFileSync(path, text);
  return path;
}

describe('the configuration of the log pipeline', () => {
  it('is complete without a file', () => {
    const config = readPipelineConfig({ env: {} });
    expect(config.gateway).toEqual({ host: '127.0.0.1', port: 8080 });
    expect(config.kafka.brokers).toEqual([]);
    expect(config.limits.bodyBytes).toBe(8_000_000);
  });

  it('takes environment variables over the file, and the file over the defaults', () => {
    const path = file('gateway: { port: 1234 }\nloki: { url: http://one:3100 }\nlimits: { tails: 7 }\n');
    const config = readPipelineConfig({
      env: {
        PIPELINE_CONFIG: path,
        LOKI_URL: 'http://two:3100',
        CORS_ORIGINS: 'https://a.example, https://b.example',
        LIMITS_TAILS: '',
      },
    });
    expect(config.gateway.port).toBe(1234);
    expect(config.loki.url).toBe('http://two:3100');
    expect(config.cors.origins).toEqual(['https://a.example', 'https://b.example']);
    expect(config.limits.tails).toBe(7);
  });

  it('names everything that is wrong at once, with the variable, and no value', () => {
    const path = file('gateway: { port: 70000 }\nredis: { url: "secret-word" }\nlimitz: {}\n');
    const read = () => readPipelineConfig({ file: path, env: { LIMITS_TAILS: 'many' } });
    expect(read).toThrow(
      /SL1709.*gateway\.port.*GATEWAY_PORT.*redis\.url.*limits\.tails.*LIMITS_TAILS.*limitz/s,
    );
    expect(read).not.toThrow(/secret-word/);
  });

  it.each([
    [
      'more than one ingestor without Kafka',
      { INGESTOR_REPLICAS: '3' },
      /ingestor\.replicas.*kafka\.brokers/,
    ],
    ['one topic for two things', { KAFKA_TOPIC: 'logs.dead' }, /kafka\.topic.*KAFKA_TOPIC/],
    ['an authority without TLS', { KAFKA_CA_FILE: 'ca.pem' }, /kafka\.caFile/],
    ['a topic that Kafka would not take', { KAFKA_QUEUE_TOPIC: 'a/b' }, /kafka\.queueTopic/],
    ['half of TLS', { TLS_KEY_FILE: 'k' }, /tls/],
    ['tokens for anybody', { KEYS_JWKS_URL: 'https://issuer.example/jwks' }, /audience/],
    ['half of SASL', { KAFKA_SASL_PASSWORD: 'p' }, /kafka\.saslPassword/],
    [
      'certificates for a Redis without TLS',
      { REDIS_URL: 'redis://h', REDIS_CA_FILE: 'ca' },
      /redis\.caFile/,
    ],
    ['Elasticsearch, which nothing uses yet', { ELASTICSEARCH_URL: 'http://h' }, /elasticsearch\.url/],
    ['its key', { ELASTICSEARCH_API_KEY: 'k' }, /elasticsearch\.apiKey/],
    ['PostgreSQL, which nothing uses yet', { DATABASE_URL: 'postgres://h/d' }, /postgres\.url.*DATABASE_URL/],
  ])('refuses %s', (_, env, words) => {
    expect(() => readPipelineConfig({ env })).toThrow(words);
  });

  it('takes several ingestors with Kafka', () => {
    const config = readPipelineConfig({ env: { KAFKA_BROKERS: 'a:9092,b:9092', INGESTOR_REPLICAS: '3' } });
    expect(config.kafka.brokers).toEqual(['a:9092', 'b:9092']);
    expect(config.ingestor.replicas).toBe(3);
  });

  it('says which file is missing or no YAML', () => {
    const missing = join(directory, 'absent.yaml');
    expect(() => readPipelineConfig({ file: missing, env: {} })).toThrow(/SL1709.*absent\.yaml/s);
    expect(() => readPipelineConfig({ file: file('a: [b'), env: {} })).toThrow(/SL1709/);
    expect(() => readPipelineConfig({ file: file('- 1'), env: {} })).toThrow(/no mapping/);
  });

  it('prints everything but secrets, and what it prints is a configuration', () => {
    const text = printedConfig(
      configSchema.parse({
        kafka: { brokers: ['a:9092'], saslPassword: 'hidden-1' },
        redis: { url: 'redis://user:hidden-2@cache:6379/1' },
        elasticsearch: { apiKey: 'hidden-3' },
      }),
    );
    expect(text).not.toContain('hidden');
    expect(parse(text)).toMatchObject({
      kafka: { brokers: ['a:9092'], saslPassword: '***' },
      redis: { url: 'redis://***@cache:6379/1' },
      limits: { tails: 50 },
    });
    const usual = readPipelineConfig({ env: {} });
    expect(readPipelineConfig({ file: file(printedConfig(usual)), env: {} })).toEqual(usual);
  });

  it('has one variable for each setting', () => {
    const names = settings.map(({ variable }) => variable);
    expect(new Set(names).size).toBe(names.length);
  });
});
