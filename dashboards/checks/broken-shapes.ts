import { type Broken, errors, latency, ofRate, overview, rate } from './broken-dashboard.ts';

/** Dashboards whose layout, texts, ids, links or settings are broken. */
export const brokenShapes: readonly Broken[] = [
  [
    'layout',
    'an overlap',
    (_, at) => Object.assign(at(rate).gridPos, { x: 2 }),
    overview,
    /overlap at column.*Request rate/,
  ],
  ['layout', 'a gap', (_, at) => Object.assign(at(rate).gridPos, { w: 2 }), overview, /gap at column/],
  [
    'layout',
    'a panel off the grid',
    (_, at) => Object.assign(at(rate).gridPos, { x: 22 }),
    overview,
    /outside at column 22.*Request rate/,
  ],
  [
    'text',
    'a missing description',
    (_, at) => Object.assign(at(rate), { description: '' }),
    ofRate,
    /no description/,
  ],
  [
    'text',
    'a missing title',
    (_, at) => Object.assign(at(rate), { title: '' }),
    `${overview}: panel`,
    /no title/,
  ],
  [
    'text',
    'a missing unit',
    (_, at) => Object.assign(at(rate).fieldConfig.defaults, { unit: '' }),
    ofRate,
    /no unit/,
  ],
  [
    'source',
    'an unknown data source',
    (_, at) => Object.assign(at(rate).datasource, { uid: 'mimir' }),
    ofRate,
    /no provisioned data source is mimir/,
  ],
  [
    'source',
    'a data source of another type',
    (_, at) => Object.assign(at(rate).datasource, { type: 'loki' }),
    ofRate,
    /\$\{datasource\} of type loki/,
  ],
  [
    'source',
    'a panel that asks nothing',
    (_, at) => Object.assign(at(rate), { targets: [] }),
    ofRate,
    /asks nothing/,
  ],
  [
    'id',
    'two panels of one id',
    (_, at) => Object.assign(at(rate), { id: at('Errors').id }),
    overview,
    /“Request rate” and “Errors” have the id/,
  ],
  ['id', 'a missing id', (_, at) => delete at(rate).id, overview, /“Request rate” has no id/],
  [
    'id',
    'a missing refId',
    (_, at) => delete at(rate).targets[0]?.refId,
    overview,
    /query of “Request rate” has no refId/,
  ],
  [
    'id',
    'two queries of one refId',
    (_, at) => Object.assign(at('Services up').targets[0] ?? {}, { refId: 'B' }),
    overview,
    /two queries of “Services up”/,
  ],
  [
    'threshold',
    'a number of its own',
    (_, at) => at(errors).fieldConfig.defaults.thresholds?.steps.push({ value: 0.42, color: 'red' }),
    `${overview}: ${errors}`,
    /0\.42 is no threshold/,
  ],
  [
    'link',
    'a dashboard nobody declares',
    (model) => model.links.push({ title: 'Gone', url: '/d/gone' }),
    overview,
    /the dashboard gone/,
  ],
  [
    'link',
    'another uid',
    (model) => Object.assign(model, { uid: 'overview' }),
    'overview',
    /no dashboard has the uid overview/,
  ],
  [
    'link',
    'a missing variable that links fill',
    (model) =>
      Object.assign(model.templating, {
        list: model.templating.list.filter(({ name }) => name !== 'instance'),
      }),
    overview,
    /fill the variable instance/,
  ],
  [
    'link',
    'Explore on no data source of ours',
    (_, at) =>
      at(latency).links.push({
        title: 'x',
        url: '/explore?panes=%7B%22a1b%22:%7B%22queries%22:%5B%7B%22datasource%22:%7B%22type%22:%22loki%22,%22uid%22:%22other%22%7D,%22expr%22:%22%7B%7D%22%7D%5D%7D%7D',
      }),
    overview,
    /Explore asks the data source other/,
  ],
  [
    'link',
    'Explore with what it cannot read',
    (_, at) => at(latency).links.push({ title: 'x', url: '/explore?panes=none' }),
    overview,
    /Explore has no panes/,
  ],
  [
    'screen',
    'a graph too narrow',
    (_, at) => Object.assign(at(errors).gridPos, { w: 4 }),
    `${overview}: ${errors}`,
    /4 columns is 232 px wide on a laptop/,
  ],
  [
    'screen',
    'a table too low',
    (_, at) => Object.assign(at('Routes').gridPos, { h: 3 }),
    `${overview}: Routes`,
    /3 rows is 114 px high/,
  ],
  [
    'screen',
    'a title that is cut off',
    (_, at) => Object.assign(at(rate), { title: 'Requests a second over all services' }),
    `${overview}: Requests a second over all services`,
    /title is cut off/,
  ],
  [
    'screen',
    'a table of too many columns',
    (_, at) =>
      Object.assign(at('Routes').transformations.at(-1)?.options ?? {}, {
        renameByName: Object.fromEntries(
          Array.from({ length: 16 }, (_column, index) => [`c${index}`, `C${index}`]),
        ),
      }),
    `${overview}: Routes`,
    /columns need 1440 px/,
  ],
  [
    'load',
    'a screen of thirty queries',
    (_, at) =>
      Object.assign(at(rate), {
        targets: Array.from({ length: 30 }, (_query, index) => ({
          ...at(rate).targets[0],
          refId: `Q${index}`,
        })),
      }),
    overview,
    /\d\d queries on one screen, from “/,
  ],
  [
    'settings',
    'a dashboard that people may edit',
    (model) => Object.assign(model, { editable: true }),
    overview,
    /people may edit it/,
  ],
  [
    'settings',
    'a dashboard without tags',
    (model) => Object.assign(model, { tags: [] }),
    overview,
    /no tags/,
  ],
  [
    'settings',
    'a variable with old values',
    (model) =>
      Object.assign(model.templating.list.find(({ name }) => name === 'service') ?? {}, { refresh: 1 }),
    `${overview}: $service`,
    /\$service keeps the values/,
  ],
  [
    'exception',
    'an exception without a reason',
    (_, at, exceptions) => {
      exceptions.push({ check: 'screen', because: ' ', where: `${overview}: ${errors}` });
      Object.assign(at(errors).gridPos, { w: 4 });
    },
    `${overview}: ${errors}`,
    /from screen has no reason/,
  ],
  [
    'exception',
    'an exception that excepts nothing',
    (_, __, exceptions) => exceptions.push({ check: 'screen', because: 'it was narrow', where: ofRate }),
    ofRate,
    /from screen excepts nothing/,
  ],
];
