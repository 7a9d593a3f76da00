import { Command } from 'commander';
import { savedQueries, savedQueryById } from '../../dashboards/queries/index.ts';
import { expressionOf, savedQueryUrl } from '../../dashboards/queries/saved-query.ts';
import { grafanaAccess, grafanaClient } from '../../infra/grafana/client.ts';
import { pushQueries } from '../../infra/grafana/push-queries.ts';
import { localHost } from '../../infra/local/files.ts';
import { localPorts } from '../../infra/local/ports.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import { interruptible } from '../interruptible.ts';
import { textTable } from '../output/table.ts';
import { type RawStackOptions, resolveStackOptions, withStackOptions } from '../stack-options.ts';

const examples = `
Examples:
  npm run queries -- list
  npm run queries -- list --json
  npm run queries -- url authentication-failures --split
  npm run queries -- url user-activity --set user_id=alice
  npm run queries -- url trace --base https://grafana.example.com
  GRAFANA_TOKEN=... npm run queries -- push --grafana https://grafana.example.com

An address is one of the stack on this machine unless --base names a Grafana. push writes to the saved queries of
Grafana Enterprise and Cloud. Other editions have none: there it writes to the query history of whoever's token it is,
which nobody else sees; give user:password as GRAFANA_TOKEN to have them in your own.`;

/** `queries`: the saved queries, their addresses, and Grafana's copy of them. */
export function queriesCommand(): Command {
  const command = new Command('queries').addHelpText('after', examples);
  command
    .command('list')
    .description('all of them, and what each answers')
    .option('--json', 'as JSON, with the queries')
    .action(list);
  withStackOptions(command.command('url').description('the address at which Explore has one'))
    .argument('<id>', 'one that list shows')
    .option('--set <name=value>', 'a parameter, can be given again', collected)
    .option('--split', 'also with what is to be seen beside it')
    .option('--base <url>', 'a Grafana (default: the stack on this machine)')
    .action(url);
  command
    .command('push')
    .description('bring all into a Grafana; the token is GRAFANA_TOKEN')
    .requiredOption('--grafana <url>', 'where it is')
    .option('--json', 'print what was done as JSON')
    .action((options: PushOptions) => interruptible((signal) => push(options, signal)));
  return command;
}

function list(options: { readonly json?: boolean }): void {
  if (options.json) {
    const shown = savedQueries.map((saved) => ({
      id: saved.id,
      title: saved.title,
      question: saved.question,
      whenToUse: saved.whenToUse,
      alerts: saved.alerts,
      parameters: saved.parameters,
      expression: expressionOf(saved),
    }));
    console.log(JSON.stringify(shown, null, 2));
    return;
  }
  const rows = savedQueries.map(({ id, parameters, question }) => [id, parameters.join(', '), question]);
  console.log(textTable(['id', 'parameters', 'question'], rows));
}

interface UrlOptions extends RawStackOptions {
  readonly set?: Readonly<Record<string, string>>;
  readonly split?: boolean;
  readonly base?: string;
}

function collected(text: string, before: Readonly<Record<string, string>> = {}) {
  const at = text.indexOf('=');
  if (at < 1)
    throw new SightlineError('SL1632', {
      what: `${JSON.stringify(text)} is no parameter with a value`,
      where: '--set',
      fix: 'for example: --set user_id=alice',
    });
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

function url(id: string, options: UrlOptions): void {
  const saved = savedQueryById(id);
  const base =
    options.base ?? `http://${localHost}:${localPorts(resolveStackOptions(options).portOffset).preview}`;
  const path = savedQueryUrl(saved, { values: options.set ?? {}, split: options.split ?? false });
  console.log(base.replace(/\/+$/, '') + path);
  const examplesLeft = saved.parameters.filter((name) => options.set?.[name] === undefined);
  if (examplesLeft.length > 0)
    console.error(`An example stands for ${examplesLeft.join(', ')}: give --set ${examplesLeft[0]}=<value>.`);
}

interface PushOptions {
  readonly grafana: string;
  readonly json?: boolean;
}

async function push(options: PushOptions, signal: AbortSignal): Promise<void> {
  const access = grafanaAccess(options.grafana, process.env.GRAFANA_TOKEN);
  process.stderr.write(`${savedQueries.length} queries to ${access.url.origin}\n`);
  const report = await pushQueries(grafanaClient(access, signal), savedQueries);
  if (options.json) {
    console.log(JSON.stringify(report, null, 2));
    return;
  }
  const where =
    report.into === 'saved queries'
      ? `the saved queries (${report.api})`
      : 'the query history of the token’s owner: this Grafana has no API of saved queries';
  const { created, updated, unchanged } = report;
  console.log(`${created} created, ${updated} updated, ${unchanged} unchanged in ${where}`);
}
