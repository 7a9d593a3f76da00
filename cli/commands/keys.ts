import { Command } from 'commander';
import { organizationPattern } from '../../services/log-gateway/intake/entry-schema.ts';
import { readKeys } from '../../services/log-gateway/keys/key-file.ts';
import { type KeyRecord, type Scope, scopes } from '../../services/log-gateway/keys/key-record.ts';
import {
  createKey,
  type MadeKey,
  revokeKey,
  rotateKey,
} from '../../services/log-gateway/keys/manage-keys.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import { textTable } from '../output/table.ts';
import { type PipelineOptions, pipelineConfigOf, withPipelineOptions } from '../pipeline-options.ts';

const examples = `
Examples:
  npm run keys -- create --name shop --scope write --organization acme
  npm run keys -- create --name support --scope read --organization acme --organization globex --expires 90d
  npm run keys -- create --name operations --scope admin --organization '*'
  npm run keys -- list
  npm run keys -- rotate 1f0c4f2ab5d3e6a7 --grace 24h
  npm run keys -- revoke 1f0c4f2ab5d3e6a7

A key is shown once, when it is made: only its hash is kept. A gateway that runs sees every change within seconds.
The file is that of the stack that npm start has brought up; or keys.file of config.yaml (--config, PIPELINE_CONFIG), or
KEYS_FILE.`;

interface Common extends PipelineOptions {
  readonly json?: boolean;
}

/** `keys`: who may send and search logs. */
export function keysCommand(): Command {
  const command = new Command('keys').addHelpText('after', examples);
  withCommon(command.command('create').description('make a key, and show it this once'))
    .requiredOption('--name <text>', 'whose it is, for people')
    .requiredOption('--scope <scope>', `${scopes.join(', ')}; can be given again`, collected)
    .requiredOption('--organization <name>', 'which it is for, * for all; can be given again', collected)
    .option('--expires <duration>', 'after so long, such as 12h, 90d (default: never)')
    .action(create);
  withCommon(command.command('list').description('all of them, without what lets anybody in')).action(list);
  withCommon(command.command('rotate').description('a new secret for a key'))
    .argument('<id>', 'one that list shows')
    .option('--grace <duration>', 'how long the old secret is still taken', '1h')
    .action((id: string, options: Common & { readonly grace: string }) =>
      show(rotateKey(fileOf(options), id, milliseconds('--grace', options.grace)), options),
    );
  withCommon(command.command('revoke').description('let nobody in with a key, from now on'))
    .argument('<id>', 'one that list shows')
    .action((id: string, options: Common) => {
      const record = revokeKey(fileOf(options), id);
      console.log(options.json ? JSON.stringify(shown(record)) : `Revoked ${record.id} (${record.name}).`);
    });
  return command;
}

const withCommon = (command: Command): Command => withPipelineOptions(command).option('--json', 'as JSON');

const fileOf = (options: Common): string => pipelineConfigOf(options).keys.file;

interface CreateOptions extends Common {
  readonly name: string;
  readonly scope: readonly string[];
  readonly organization: readonly string[];
  readonly expires?: string;
}

function create(options: CreateOptions): void {
  const { name, expires } = options;
  if (name.length > 100 || name === '') throw notPossible('--name', 'a name has 1 to 100 characters');
  const made = createKey(fileOf(options), {
    name,
    scopes: options.scope.map(scopeOf),
    organizations: options.organization.map(organizationOf),
    expiresAt: expires === undefined ? undefined : new Date(Date.now() + milliseconds('--expires', expires)),
  });
  show(made, options);
}

function list(options: Common): void {
  const records = readKeys(fileOf(options));
  if (options.json) {
    console.log(JSON.stringify(records.map(shown), null, 2));
    return;
  }
  const rows = records.map((record) => [
    record.id,
    record.name,
    record.scopes.join(' '),
    record.organizations.join(' '),
    record.createdAt,
    stateOf(record),
  ]);
  const head = ['id', 'name', 'scopes', 'organizations', 'made', 'state'];
  console.log(rows.length === 0 ? 'No API keys.' : textTable(head, rows));
}

function show({ key, record }: MadeKey, { json }: Common): void {
  console.log(json ? JSON.stringify({ key, ...shown(record) }) : key);
  if (!json) console.error(`Key ${record.id} (${record.name}); it is not shown again.`);
}

function shown({ hash: _, previous, ...record }: KeyRecord) {
  return { ...record, ...(previous === undefined ? {} : { previousUntil: previous.until }) };
}

function stateOf({ revokedAt, expiresAt }: KeyRecord): string {
  if (revokedAt !== undefined) return `revoked ${revokedAt}`;
  if (expiresAt === undefined) return 'active';
  return `${Date.parse(expiresAt) <= Date.now() ? 'expired' : 'active until'} ${expiresAt}`;
}

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function milliseconds(option: string, text: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const factor = units[unit];
  if (count === undefined || factor === undefined) {
    throw notPossible(option, `"${text}" is no duration: take a number and s, m, h or d, such as 90d`);
  }
  return Number(count) * factor;
}

function scopeOf(text: string): Scope {
  const scope = scopes.find((one) => one === text);
  if (scope === undefined) throw notPossible('--scope', `"${text}" is none of ${scopes.join(', ')}`);
  return scope;
}

function organizationOf(text: string): string {
  if (text === '*' || organizationPattern.test(text)) return text;
  throw notPossible('--organization', `"${text}" is no name: letters, digits, . _ and -, at most 63`);
}

const notPossible = (where: string, what: string): SightlineError =>
  new SightlineError('SL1712', { what, where, fix: 'see `npm run keys -- create --help`' });

const collected = (value: string, earlier: readonly string[] = []): readonly string[] => [...earlier, value];
