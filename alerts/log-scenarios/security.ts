import type { Duration } from '../../telemetry/query/scale-time.ts';
import { logged, lookalikes, plain, type Writing, wrote } from './lines.ts';
import { type LogScenario, logProofOf } from './scenario.ts';

const api = { service: 'backend-api' } as const;
const refused = (user_id: string, when: Writing['when']) =>
  logged('login_refused', { user_id, reason: 'unknown user or wrong password' }, when);
/** So many accounts are refused once, four seconds apart. */
const accounts = (count: number, minute: number) =>
  Array.from({ length: count }, (_, index) =>
    refused(`user-${index}`, { at: `${minute * 60 + index * 4}s` as Duration }),
  );
const leaked = (text: string) => [plain('audit', text, { at: '15m' })];

// Put together here, so that nobody's scanner takes them for real ones.
const webToken = ['eyJ', 'hbGciOiJIUzI1NiJ9', '.', 'eyJ', 'zdWIiOiJzb21lb25lIn0', '.', 'c2lnbmF0dXJl'].join(
  '',
);
const accessKey = ['AKIA', 'EXAMPLEEXAMPLE12'].join('');
const privateKey = ['-----BEGIN RSA', 'PRIVATE KEY-----'].join(' ');
const bearer = ['Bearer', 'abcdefghij0123456789xyz'].join(' ');

export const securityLogScenarios: readonly LogScenario[] = [
  ...logProofOf({
    family: 'PasswordGuessing',
    about: api,
    above: [
      ['eleven passwords for one account', [refused('ann', { at: '16m', every: '20s', times: 11 })]],
      [
        'a second account is tried less',
        [
          refused('ann', { at: '16m', every: '10s', times: 20 }),
          refused('ben', { at: '16m', every: '60s', times: 4 }),
        ],
      ],
    ],
    threshold: ['ten', [refused('ann', { at: '16m', every: '20s', times: 10 })]],
    quiet: [
      [
        'six each for three accounts',
        ['ann', 'ben', 'eve'].map((user) => refused(user, { at: '18m', times: 6 })),
      ],
      ['one a minute', [refused('ann', { at: '1m', every: '1m', times: 19 })]],
      ['it is over', [refused('ann', { at: '13m', times: 100 })]],
      ...lookalikes([refused('ann', { at: '16m', times: 60 })]),
    ],
  }),
  ...logProofOf({
    family: 'PasswordSpraying',
    about: api,
    above: [['sixteen accounts, once each', accounts(16, 14)]],
    early: ['the last of sixteen was refused a minute ago', accounts(16, 18), '20m'],
    threshold: ['fifteen accounts', accounts(15, 14)],
    quiet: [
      ['one account, forty times', [refused('ann', { at: '12m', every: '10s', times: 40 })]],
      ['it was long ago', accounts(40, 3)],
      ...lookalikes(accounts(20, 14)),
    ],
  }),
  ...logProofOf({
    family: 'CredentialsLogged',
    about: { service: 'audit' },
    above: [
      ['a web token', leaked(`request with ${webToken}`)],
      ['an access key', leaked(`using ${accessKey}`)],
      ['a private key', leaked(privateKey)],
      ['a bearer token', leaked(`authorization: ${bearer}`)],
    ],
    quiet: [
      [
        'the logger has taken it out',
        [wrote('audit', 'INFO', `authorization: ${bearer}`, {}, { at: '15m' })],
      ],
      ['it was long ago', [plain('audit', accessKey, { at: '4m' })]],
      ['a query about such lines', leaked('|~ `AKIA[0-9A-Z]{16}|-----BEGIN [A-Z ]*PRIVATE KEY-----`')],
      ['another component does', [plain('grafana', accessKey, { at: '15m' })]],
    ],
  }),
];
