import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { ClusterEnvironment } from '../../infra/config/names.ts';
import type { Declared } from '../../infra/kubernetes/dump/declared.ts';
import { dumpProgram } from '../../infra/kubernetes/dump/dump.ts';

const here = { 'sightline:context': 'minikube', 'sightline:cluster': 'minikube' };
const password = 'another-password-of-the-bus-000000';

describe('a secret that was changed', () => {
  it('starts the pods anew that read it when they start, and tells nobody what it is', async () => {
    const { before, changed } = await changedBy('dev', { 'sightline:EVENT_BUS_PASSWORD': password });
    expect(changed.map(({ name }) => name).sort()).toEqual([
      'services-secret-tasks-event-bus',
      'services-statefulset-tasks-audit',
      'services-statefulset-tasks-backend-api',
      'services-statefulset-tasks-notification',
      'services-statefulset-tasks-recurring-task',
      'services-statefulset-tasks-sync',
    ]);
    const telling = changed.filter(({ inputs }) => JSON.stringify(inputs).includes(password));
    expect(telling.map(({ name }) => name)).toEqual(['services-secret-tasks-event-bus']);
    // Pulumi hides no more than the secret itself: what an update changes can be read.
    expect(JSON.stringify(changed.at(-1)?.inputs)).not.toContain('4dabf18193072939515e22adb298388d');
    expect(checksumOf(changed, 'services-statefulset-tasks-audit')).toMatch(/^[0-9a-f]{64}$/);
    expect(checksumOf(changed, 'services-statefulset-tasks-audit')).not.toBe(
      checksumOf(before, 'services-statefulset-tasks-audit'),
    );
  });

  it('of Loki’s bucket starts every process of Loki anew, and nothing else', async () => {
    const { changed } = await changedBy('prod', {
      'sightline:LOKI_S3_SECRET_ACCESS_KEY': 'another-key-of-the-bucket-00000000',
    });
    expect(changed.map(({ name }) => name).sort()).toEqual([
      'loki-deployment-monitoring-loki-distributor',
      'loki-deployment-monitoring-loki-pattern-ingester',
      'loki-deployment-monitoring-loki-querier',
      'loki-deployment-monitoring-loki-query-frontend',
      'loki-deployment-monitoring-loki-query-scheduler',
      'loki-secret-monitoring-loki-storage',
      'loki-statefulset-monitoring-loki-compactor',
      'loki-statefulset-monitoring-loki-index-gateway',
      'loki-statefulset-monitoring-loki-ingester',
      'loki-statefulset-monitoring-loki-ruler',
    ]);
  });

  it('is shown by no golden file, nor is its checksum', () => {
    const golden = readFileSync(new URL('../golden/kubernetes/dev/services.yaml', import.meta.url), 'utf8');
    expect(golden.match(/checksum\/secrets: .*/g)).toEqual(Array(5).fill('checksum/secrets: <hmac>'));
  });
});

/** What another value of a secret changes of all that is declared. */
async function changedBy(
  environment: ClusterEnvironment,
  secret: Readonly<Record<string, string>>,
): Promise<{ readonly before: readonly Declared[]; readonly changed: readonly Declared[] }> {
  const { declared: before } = await dumpProgram(environment, { config: here });
  const { declared: after } = await dumpProgram(environment, { config: { ...here, ...secret } });
  const same = new Map(before.map((each) => [each.name, each]));
  const changed = after.filter(
    (each) =>
      // Of the provider, the path of the kubeconfig.
      each.type !== 'pulumi:providers:kubernetes' && !isDeepStrictEqual(each, same.get(each.name)),
  );
  return { before, changed };
}

function checksumOf(declared: readonly Declared[], name: string): string | undefined {
  const inputs = JSON.stringify(declared.find((each) => each.name === name)?.inputs);
  return /"checksum\/secrets":"(\w+)"/.exec(inputs)?.[1];
}
