import { readFileSync } from 'node:fs';
import { type Document, isMap, isScalar, parseDocument } from 'yaml';
import type { SecretForm } from '../../telemetry/contract/secrets.ts';
import { thresholds } from '../../telemetry/contract/thresholds.ts';
import { type ConfigurationKey, configurationKeys } from '../config/keys.ts';
import { clusterEnvironments, environmentNames } from '../config/names.ts';
import { plainKeys } from '../config/pulumi.ts';
import { environmentsThatRequire } from '../config/required.ts';
import { environmentFile, readEnvironment } from '../config.ts';
import { clusterContext } from '../kubernetes/cluster-context.ts';
import { secretTable } from '../kubernetes/secrets.ts';
import { clusterSystems, secretsOf } from '../kubernetes/systems.ts';
import { code, generatedPage, markdownTable } from './markdown.ts';

/** Keys that are thresholds have a table of their own. */
const isThreshold = ({ path }: ConfigurationKey): boolean => (path.at(-1) ?? '') in thresholds;

/** Every key of the files in infra/environments, and what the environments have there. */
export function configurationPage(): string {
  const keyRows = configurationKeys()
    .filter((key) => !isThreshold(key))
    .map((key) => [
      code(key.path.map((name, index) => (name === '*' ? placeholder(key.path[index - 1]) : name)).join('.')),
      key.description,
      key.type,
      key.allowed,
      requiredIn(key),
    ]);
  const environments = environmentNames.map((name) => readEnvironment(name));
  const documents = environmentNames.map((name) =>
    parseDocument(readFileSync(environmentFile(name), 'utf8')),
  );
  const chosen = configurationKeys().filter(
    (key) => !isThreshold(key) && key.allowed !== '' && !key.path.includes('*'),
  );
  const valueRows = chosen
    .map(({ path }) => [
      code(path.join('.')),
      ...environments.map((environment) => shown(valueAt(environment, path))),
      reasonOf(path, documents),
    ])
    .filter(([, ...cells]) => cells.slice(0, environmentNames.length).some((value) => value !== ''));
  return generatedPage(
    'Configuration of environments',
    '`infra/config/schema.ts` and `infra/environments/`',
    [
      'One file an environment, `infra/environments/<environment>.yaml`. An unknown key, a missing one or a value that is not allowed is refused with its line. Secrets are never in these files.',
      'No key has a hidden default: what an environment has stands in its file, with its reason. “Required in” names the environments whose files are refused without the key; a key that may be left out says what happens then.',
      markdownTable(['key', 'meaning', 'type', 'allowed', 'required in'], keyRows),
      'What may stand in `thresholds` and in `alerts.overrides.<id of an alert>.thresholds`, with bounds: [Thresholds](metrics.md#thresholds). Ids of alerts: [Alert rules](alerts.md). How to override one: [Override an alert](../how-to/override-an-alert.md). Sign-on and traces: [Use Grafana](../how-to/use-grafana.md).',
      '## Values',
      'Why is what the files say above the key.',
      markdownTable(['key', ...environmentNames, 'why'], valueRows),
      '## Keys of Pulumi.dev.yaml, Pulumi.staging.yaml and Pulumi.prod.yaml',
      'Where an environment is deployed to, and its secrets. `npm run init-stack -- <environment>` writes them all; `pulumi config set <key> <value>` and `pulumi config set --secret <key>` write one. Pulumi puts `sightline:` before each. A key that is missing, unknown, used by nothing or not encrypted is refused before anything is declared.',
      markdownTable(['key', 'meaning', 'allowed', 'required in'], pulumiRows()),
    ],
  );
}

/** What the files say above a key, or above its group; the same words once. */
function reasonOf(path: readonly string[], documents: readonly Document[]): string {
  const said = documents.map((document) => nearestComment(document, path));
  const distinct = environmentNames.flatMap((name, index) =>
    said[index] && said.indexOf(said[index]) === index ? [{ name, text: said[index] }] : [],
  );
  return distinct.length === 1
    ? (distinct[0]?.text ?? '')
    : distinct.map(({ name, text }) => `${name}: ${text}`).join(' ');
}

const nearestComment = (document: Document, path: readonly string[]): string =>
  path.length === 0 ? '' : commentAbove(document, path) || nearestComment(document, path.slice(0, -1));

/** That of a map's first key is kept with the map; that of the first of all is about the file. */
function commentAbove(document: Document, path: readonly string[]): string {
  const map = document.getIn(path.slice(0, -1), true);
  if (!isMap(map)) return '';
  const index = map.items.findIndex(({ key }) => isScalar(key) && key.value === path.at(-1));
  const key = map.items[index]?.key;
  if (index === 0 && path.length === 1) return '';
  const comment =
    (index === 0 ? map.commentBefore : undefined) ?? (isScalar(key) ? key.commentBefore : undefined) ?? '';
  const lines = comment.split('\n');
  // An example of keys that stand between is not about this one.
  if (lines.some((line) => /^ *\w+:$/.test(line))) return '';
  return lines
    .map((line) => line.trim())
    .join(' ')
    .trim();
}

/** By whether a file is refused without it; below a group that may be left out, whenever the group is there. */
function requiredIn({ path, required }: ConfigurationKey): string {
  const names = path.includes('*') ? [] : environmentsThatRequire(path);
  if (names.length === environmentNames.length) return 'all';
  if (names.length > 0) return names.join(', ');
  return required ? 'with its group' : '';
}

const secretAllowed: Readonly<Record<SecretForm, string>> = {
  url: 'an http or https address',
  'pagerduty-key': 'the 32 letters and digits of an Events API v2 integration key',
  password: '12 to 1000 characters, without control characters',
  token: 'at most 1000 characters without spaces',
  'url-safe': 'at most 1000 letters, digits, dots, hyphens, underscores and tildes',
  json: 'a JSON object of at most 10000 characters',
};

function pulumiRows(): readonly (readonly string[])[] {
  const wanted = clusterEnvironments.map((name) => ({
    name,
    secrets: secretsOf(clusterSystems(clusterContext(name))),
  }));
  // The one left out is of the local inbox, which no cluster has.
  const secrets = Object.entries(secretTable).filter(([name]) => name !== 'DEADMAN_WEBHOOK_URL');
  return [
    ...Object.entries(plainKeys).map(([name, { description, allowed, required }]) => [
      code(name),
      description,
      allowed,
      required ? 'all' : '',
    ]),
    ...secrets.map(([name, { description, form, minLength }]) => {
      const where = wanted.filter(({ secrets }) => [...secrets].some((each) => each === name));
      return [
        code(name),
        `Secret. ${description}`,
        `${secretAllowed[form]}${minLength ? `, at least ${minLength}` : ''}`,
        where.length === wanted.length ? 'all' : where.map((each) => each.name).join(', '),
      ];
    }),
  ];
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

const shown = (value: unknown): string =>
  value === undefined ? '' : code(typeof value === 'object' ? JSON.stringify(value) : String(value));
