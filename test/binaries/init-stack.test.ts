import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readTarget, refuseOtherSecrets } from '../../infra/config/pulumi.ts';
import { clusterContext } from '../../infra/kubernetes/cluster-context.ts';
import { clusterSystems, secretsOf } from '../../infra/kubernetes/systems.ts';
import { executableOnPath } from '../../infra/local/toolchain/path-lookup.ts';
import { repositoryRoot } from '../../infra/repository.ts';
import { runCli } from '../support/cli.ts';
import { type PulumiCall, recordingPulumi } from '../support/recording-pulumi.ts';

const wanted = secretsOf(clusterSystems(clusterContext('dev')));

const values: Readonly<Record<string, string>> = {
  AUTH_SECRET: 'a-signing-key-of-forty-characters-or-more',
  EVENT_BUS_PASSWORD: 'redis-hush',
  GRAFANA_ADMIN_PASSWORD: 'open sesame, please',
  GRAFANA_SECRET_KEY: 'hush-a-key-of-forty-characters-or-even-more',
  HEARTBEAT_URL: 'https://hush.example.com/heartbeat',
  LOG_CANARY_KEY: 'slk_hush-of-the-canary',
  LOG_GATEWAY_KEYS: '{"version":1,"keys":[]}',
  SLACK_WEBHOOK_URL_ALERTS: 'https://hush.example.com/alerts',
  SLACK_WEBHOOK_URL_COMPLIANCE: 'https://hush.example.com/compliance',
  SLACK_WEBHOOK_URL_INCIDENTS: 'https://hush.example.com/incidents',
  SLACK_WEBHOOK_URL_MONITORING: 'https://hush.example.com/monitoring',
};

const kubeconfig = `
current-context: kind-one
contexts:
  - { name: kind-one, context: { cluster: kind-one, user: me } }
  - { name: other, context: { cluster: production, user: me } }
clusters:
  - { name: kind-one, cluster: { server: "https://127.0.0.1:6443" } }
  - { name: production, cluster: { server: "https://prod.example.com:6443" } }
`;

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sightline-init-'));
  await writeFile(join(dir, 'kubeconfig'), kubeconfig);
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const environment = (bin: string, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  PATH: `${bin}${delimiter}${process.env.PATH}`,
  KUBECONFIG: join(dir, 'kubeconfig'),
  ...more,
});

const isSet = ({ args }: PulumiCall): boolean => args[0] === 'config' && args[1] === 'set';
const secretCalls = (calls: readonly PulumiCall[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    calls
      .filter(({ args }) => args.includes('--secret'))
      .map(({ args, input }) => [args.at(-1) ?? '', input]),
  );

describe('npm run init-stack, with an executable in place of Pulumi that writes down what it is told', () => {
  it('tells it the cluster and every secret that the program wants, by standard input only', async () => {
    const pulumi = await recordingPulumi(dir);
    const done = await runCli(['init-stack', 'dev', '--context', 'kind-one'], {
      env: environment(pulumi.bin, values),
    });
    expect(done).toMatchObject({ code: 0 });
    const calls = await pulumi.calls();
    expect(calls[1]?.args).toEqual(['stack', 'select', '--create', 'dev']);
    expect(calls.map(({ args }) => args)).toContainEqual([
      'config',
      'set',
      '--stack',
      'dev',
      'context',
      'kind-one',
    ]);
    expect(secretCalls(calls)).toEqual(values);
    for (const secret of Object.values(values)) {
      expect(JSON.stringify(calls.map(({ args }) => args))).not.toContain(secret);
      expect(done.stdout + done.stderr).not.toContain(secret);
    }
    expect(calls.flatMap(({ variables }) => variables)).toEqual([]);
    // What it was told is what the program takes.
    const target = readTarget({
      stack: 'dev',
      values: {
        'sightline:context': 'kind-one',
        'sightline:cluster': 'kind-one',
        ...Object.fromEntries(
          Object.entries(secretCalls(calls)).map(([name, value]) => [`sightline:${name}`, value]),
        ),
      },
      secretKeys: [...wanted].map((name) => `sightline:${name}`),
    });
    expect(() => refuseOtherSecrets(target, wanted)).not.toThrow();
  });

  it('changes nothing the second time, and what can be replaced with --replace', async () => {
    const pulumi = await recordingPulumi(dir);
    const run = (...more: string[]) =>
      runCli(['init-stack', 'dev', '--context', 'kind-one', '--make-up', ...more], {
        env: environment(pulumi.bin, values),
      });
    await run();
    const before = (await pulumi.calls()).length;
    const again = await run();
    expect(again.stdout).toContain(`0 secrets set, ${wanted.size} left as they were`);
    expect((await pulumi.calls()).slice(before).filter(isSet)).toEqual([]);
    await run('--replace');
    // What Grafana has encrypted can be read with its key alone.
    expect(Object.keys(secretCalls((await pulumi.calls()).slice(before))).sort()).toEqual(
      [...wanted].filter((name) => name !== 'GRAFANA_SECRET_KEY').sort(),
    );
  });

  it('names every value that a script lacks, before anything is changed', async () => {
    const pulumi = await recordingPulumi(dir);
    const done = await runCli(['init-stack', 'dev', '--context', 'kind-one', '--make-up'], {
      env: environment(pulumi.bin, { HEARTBEAT_URL: values.HEARTBEAT_URL }),
    });
    expect(done.code).toBe(1);
    expect(done.stderr).toMatch(
      /SL1111.*no value for EVENT_BUS_PASSWORD, LOG_CANARY_KEY, LOG_GATEWAY_KEYS, SLACK_WEBHOOK_URL_ALERTS/,
    );
    expect(done.stderr).not.toContain('AUTH_SECRET');
    expect((await pulumi.calls()).filter(isSet)).toEqual([]);
  });

  it.each([
    [['dev'], {}, 'SL1111', 'the kubeconfig has kind-one, other'],
    [['dev', '--context', 'missing'], {}, 'SL1108', 'there is no context "missing"'],
    [['dev', '--context', 'other', '--cluster', 'kind-one'], {}, 'SL1108', 'is for the cluster "production"'],
    [
      ['prod', '--context', 'other', '--server', 'https://elsewhere'],
      {},
      'SL1108',
      'not at https://elsewhere',
    ],
    [
      ['dev', '--context', 'kind-one'],
      { HEARTBEAT_URL: 'hush-no-address' },
      'SL1109',
      'HEARTBEAT_URL is not usable',
    ],
    [['local'], {}, 'SL1006', 'Allowed choices are dev, staging, prod'],
  ])('refuses %j', async (args, changed: Readonly<Record<string, string>>, code, said) => {
    const pulumi = await recordingPulumi(dir);
    const done = await runCli(['init-stack', ...args], {
      env: environment(pulumi.bin, { ...values, ...changed }),
    });
    expect(done.code).toBe(1);
    expect(done.stderr).toContain(code);
    expect(done.stderr).toContain(said);
    expect(done.stderr).not.toContain('hush');
    expect((await pulumi.calls()).filter(isSet)).toEqual([]);
  });

  it('says what Pulumi says, and how to go on', async () => {
    const { bin } = await recordingPulumi(dir, { fails: 'stack select' });
    const done = await runCli(['init-stack', 'dev', '--context', 'kind-one'], {
      env: environment(bin, values),
    });
    expect(done.stderr).toMatch(/SL1110.*no credentials: log in first[\s\S]*fix: .*pulumi login/);
  });

  it('needs no Pulumi for a dry run, asks for nothing and tells what it would do', async () => {
    const done = await runCli(['init-stack', 'dev', '--context', 'kind-one', '--dry-run', '--make-up'], {
      env: { ...environment(dir), HEARTBEAT_URL: values.HEARTBEAT_URL },
    });
    expect(done).toMatchObject({ code: 0 });
    expect(done.stdout).toContain('pulumi config set --stack dev cluster kind-one\n');
    expect(done.stdout).toContain('--secret HEARTBEAT_URL  # value: of the environment variable');
    expect(done.stdout).toContain('--secret AUTH_SECRET  # value: made up');
    expect(done.stdout).toContain('--secret EVENT_BUS_PASSWORD  # value: asked for');
    expect(done.stdout).not.toContain('hush');
  });
});

/** `script` (util-linux) gives a program a terminal of its own. */
const terminalMaker = await executableOnPath('script', process.env);
const why = 'no `script` on PATH to make a terminal with';

describe.skipIf(terminalMaker === undefined)(
  `npm run init-stack on a terminal${terminalMaker ? '' : ` (skipped: ${why})`}`,
  () => {
    /** Answers each question when it is asked, and gives all that the terminal showed. */
    async function onTerminal(
      command: string,
      bin: string,
      answers: readonly (readonly [question: string, answer: string])[],
    ): Promise<{ readonly shown: string; readonly code: number }> {
      const child = spawn(
        terminalMaker ?? '',
        ['-qefc', `'${process.execPath}' cli/boot.cjs ${command}`, '/dev/null'],
        {
          cwd: repositoryRoot,
          env: { ...process.env, ...environment(bin), TERM: 'xterm' },
        },
      );
      let shown = '';
      let from = 0;
      const left = [...answers];
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        shown += text;
        for (let next = left[0]; next && shown.includes(next[0], from); next = left[0]) {
          left.shift();
          from = shown.indexOf(next[0], from) + next[0].length;
          child.stdin.write(next[1]);
        }
      });
      const [code] = await once(child, 'exit');
      expect(left).toEqual([]);
      return { shown, code };
    }

    /** One is made up, and one is not usable at first. */
    function answersTo(name: string): readonly (readonly [question: string, answer: string])[] {
      const question = `${name}: `;
      const answer = [question, `${values[name]}\r`] as const;
      if (name === 'AUTH_SECRET') return [[question, '\r']];
      if (name !== 'EVENT_BUS_PASSWORD') return [answer];
      return [
        [question, 'redis hush\r'],
        ['not usable: must be at most 1000 characters without spaces', ''],
        answer,
      ];
    }

    it('asks for everything and shows nothing of it', async () => {
      const pulumi = await recordingPulumi(dir);
      const { shown, code } = await onTerminal('init-stack dev', pulumi.bin, [
        ['Context of dev [kind-one]: ', '\r'],
        ...[...wanted].sort().flatMap(answersTo),
      ]);
      expect(shown).toContain(`${wanted.size} secrets set`);
      expect(code).toBe(0);
      expect(shown).not.toContain('hush');
      expect(shown).not.toContain('sesame');
      const { AUTH_SECRET: madeUp = '', ...asked } = secretCalls(await pulumi.calls());
      const { AUTH_SECRET: _, ...given } = values;
      expect(asked).toEqual(given);
      expect(madeUp).toMatch(/^[\w-]{43}$/);
      expect(shown).not.toContain(madeUp);
    });

    it('ends at Ctrl-C and has changed nothing', async () => {
      const pulumi = await recordingPulumi(dir);
      const { shown, code } = await onTerminal('init-stack dev', pulumi.bin, [
        ['Context of dev [kind-one]: ', '\r'],
        ['Enter makes one up (not shown): ', '\u0003'],
      ]);
      expect(shown).toContain('Cancelled');
      expect(code).toBe(130);
      expect((await pulumi.calls()).filter(isSet)).toEqual([]);
    });
  },
);
