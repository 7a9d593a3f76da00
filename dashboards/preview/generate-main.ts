/** Writes all dashboards as one JSON array to stdout. Run by `generate.ts`, which reads the answer. */
import type { DashboardOptions } from './environment.ts';

try {
  // Imported here, so that a file that cannot be read is reported as all else.
  const { buildDashboards } = await import('../index.ts');
  const options = JSON.parse(process.argv[2] ?? '{}') as DashboardOptions;
  process.stdout.write(
    `[${buildDashboards(options)
      .map(({ json }) => json)
      .join(',')}]`,
  );
} catch (error) {
  const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  // Of the stack, the first place in the sources is what helps.
  const place = /(?:file:\/\/)?(\/\S+\.ts:\d+(?::\d+)?)/.exec(stack)?.[1];
  process.stderr.write(place === undefined ? message : `${message} (${place})`);
  process.exitCode = 1;
}
