import { thresholds } from '../../telemetry/contract/thresholds.ts';
import { type ConfigurationKey, configurationKeys } from '../config/keys.ts';
import { environmentNames } from '../config/names.ts';
import { readEnvironment } from '../config.ts';
import { code, generatedPage, markdownTable } from './markdown.ts';

/** Keys that are thresholds have a table of their own. */
const isThreshold = ({ path }: ConfigurationKey): boolean => (path.at(-1) ?? '') in thresholds;

/** Every key of the files in infra/environments, and what the environments have there. */
export function configurationPage(): string {
  const keyRows = configurationKeys()
    .filter((key) => !isThreshold(key) && (key.description !== '' || key.allowed !== ''))
    .map(({ path, description, allowed, required }) => [
      code(path.map((name, index) => (name === '*' ? placeholder(path[index - 1]) : name)).join('.')),
      description,
      allowed,
      required ? 'yes' : '',
    ]);
  const environments = environmentNames.map((name) => readEnvironment(name));
  const chosen = configurationKeys().filter(
    (key) => !isThreshold(key) && key.allowed !== '' && !key.path.includes('*'),
  );
  const valueRows = chosen
    .map(({ path }) => [
      code(path.join('.')),
      ...environments.map((environment) => shown(valueAt(environment, path))),
    ])
    .filter(([, ...values]) => values.some((value) => value !== ''));
  return generatedPage(
    'Configuration of environments',
    '`infra/config/schema.ts` and `infra/environments/`',
    [
      'One file an environment, `infra/environments/<environment>.yaml`. An unknown key, a missing one or a value that is not allowed is refused with its line. Secrets are never in these files.',
      markdownTable(['key', 'meaning', 'allowed', 'required'], keyRows),
      'What may stand in `thresholds` and in `alerts.overrides.<id of an alert>.thresholds`, with bounds: [Thresholds](metrics.md#thresholds). Ids of alerts: [Alert rules](alerts.md). How to override one: [Override an alert](../how-to/override-an-alert.md). Sign-on and traces: [Use Grafana](../how-to/use-grafana.md).',
      '## Values',
      markdownTable(['key', ...environmentNames], valueRows),
    ],
  );
}

/** Stands for the names that the writer of a file chooses below a key. */
const placeholder = (parent = ''): string => (parent === 'overrides' ? '<id of an alert>' : '<name>');

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) =>
      typeof inner === 'object' && inner !== null
        ? Object.entries(inner).find(([key]) => key === name)?.[1]
        : undefined,
    value,
  );
}

const shown = (value: unknown): string => (value === undefined ? '' : code(String(value)));
