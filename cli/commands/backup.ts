import { resolve } from 'node:path';
import { Command } from 'commander';
import { alertmanagerClient } from '../../infra/backup/alertmanager.ts';
import { copyGrafanaDatabase } from '../../infra/backup/grafana-database.ts';
import { writeSilences } from '../../infra/backup/silences-file.ts';
import { interruptible } from '../interruptible.ts';

const examples = `
Examples:
  kubectl -n monitoring port-forward service/alertmanager 9093 &
  npm run backup -- silences --url http://127.0.0.1:9093 --out silences.json
  npm run backup -- grafana --database grafana.db --out grafana-2030-01-31.db

Silences that are over are left out. Grafana's database is copied whole even while Grafana writes; where it is
PostgreSQL, pg_dump copies it: docs/how-to/back-up-and-restore.md.`;

/** npm runs commands in the repository; a relative path means the directory that the person was in. */
export const fromWhereNpmWas = (file: string): string => resolve(process.env.INIT_CWD ?? process.cwd(), file);

/** `backup`: what people have put into Alertmanager and Grafana. */
export function backupCommand(): Command {
  const command = new Command('backup').addHelpText('after', examples);
  command
    .command('silences')
    .description('of an Alertmanager, as a file')
    .requiredOption('--url <address>', 'of Alertmanager')
    .requiredOption('--out <file>', 'the file to write')
    .action(({ url, out }: { readonly url: string; readonly out: string }) =>
      interruptible(async (signal) => {
        const silences = await alertmanagerClient(url, signal).silences();
        await writeSilences(fromWhereNpmWas(out), silences, new Date());
        console.log(`${silences.length} silences in ${out}`);
      }),
    );
  command
    .command('grafana')
    .description('of its SQLite file')
    .requiredOption('--database <file>', 'grafana.db')
    .requiredOption('--out <file>', 'the copy')
    .action(async ({ database, out }: { readonly database: string; readonly out: string }) => {
      const { dashboards, users } = await copyGrafanaDatabase(
        fromWhereNpmWas(database),
        fromWhereNpmWas(out),
      );
      console.log(`${out}: sound, ${dashboards} dashboards and ${users} users`);
    });
  return command;
}
