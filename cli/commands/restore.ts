import { Command } from 'commander';
import { alertmanagerClient } from '../../infra/backup/alertmanager.ts';
import { copyGrafanaDatabase } from '../../infra/backup/grafana-database.ts';
import { planRestore } from '../../infra/backup/silence.ts';
import { readSilences } from '../../infra/backup/silences-file.ts';
import { interruptible } from '../interruptible.ts';
import { fromWhereNpmWas } from './backup.ts';

const examples = `
Examples:
  npm run restore -- silences --url http://127.0.0.1:9093 --in silences.json
  npm run restore -- silences --url http://127.0.0.1:9093 --in silences.json --dry-run
  npm run restore -- grafana --backup grafana-2030-01-31.db --database grafana.db    while Grafana is stopped

Run twice, it makes every silence once: those that are there, and those that are over by now, are passed over.`;

interface SilencesOptions {
  readonly url: string;
  readonly in: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `restore`: what `backup` wrote. */
export function restoreCommand(): Command {
  const command = new Command('restore').addHelpText('after', examples);
  command
    .command('silences')
    .description('into an Alertmanager')
    .requiredOption('--url <address>', 'of Alertmanager')
    .requiredOption('--in <file>', 'a file of `npm run backup -- silences`')
    .option('--dry-run', 'say what would be done')
    .option('--json', 'as JSON')
    .action((options: SilencesOptions) => interruptible((signal) => restoreSilences(options, signal)));
  command
    .command('grafana')
    .description('its SQLite file, while it is stopped')
    .requiredOption('--backup <file>', 'a file of `npm run backup -- grafana`')
    .requiredOption('--database <file>', 'grafana.db')
    .action(async ({ backup, database }: { readonly backup: string; readonly database: string }) => {
      const { dashboards, users } = await copyGrafanaDatabase(
        fromWhereNpmWas(backup),
        fromWhereNpmWas(database),
      );
      console.log(`${database}: sound, ${dashboards} dashboards and ${users} users`);
    });
  return command;
}

async function restoreSilences(options: SilencesOptions, signal: AbortSignal): Promise<void> {
  const backup = await readSilences(fromWhereNpmWas(options.in));
  const alertmanager = alertmanagerClient(options.url, signal);
  const { create, present, over } = planRestore(backup, await alertmanager.silences(), new Date());
  if (!options.dryRun) for (const silence of create) await alertmanager.create(silence);
  const counts = { restored: create.length, present: present.length, over: over.length };
  console.log(
    options.json
      ? JSON.stringify(counts, null, 2)
      : `${counts.restored} ${options.dryRun ? 'would be restored' : 'restored'}, ${counts.present} there already, ${counts.over} over by now`,
  );
}
