import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Declared } from '../../infra/kubernetes/dump/declared.ts';
import { dumpProgram } from '../../infra/kubernetes/dump/dump.ts';

const here = { 'sightline:context': 'minikube', 'sightline:cluster': 'minikube' };
const password = 'another-password-of-the-bus-000000';

describe('a secret that was changed', () => {
  it('starts the pods anew that read it when they start, and tells nobody what it is', async () => {
    const { declared: before } = await dumpProgram('dev', { config: here });
    const { declared: after } = await dumpProgram('dev', {
      config: { ...here, 'sightline:EVENT_BUS_PASSWORD': password },
    });
    const same = new Map(before.map((each) => [each.name, each]));
    const changed = after.filter(
      (each) =>
        // Of the provider, the path of the kubeconfig.
        each.type !== 'pulumi:providers:kubernetes' && !isDeepStrictEqual(each, same.get(each.name)),
    );
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

  it('is shown by no golden file, nor is its checksum', () => {
    const golden = readFileSync(new URL('../golden/kubernetes/dev/services.yaml', import.meta.url), 'utf8');
    expect(golden.match(/checksum\/secrets: .*/g)).toEqual(Array(5).fill('checksum/secrets: <hmac>'));
  });
});

function checksumOf(declared: readonly Declared[], name: string): string | undefined {
  const inputs = JSON.stringify(declared.find((each) => each.name === name)?.inputs);
  return /"checksum\/secrets":"(\w+)"/.exec(inputs)?.[1];
}
