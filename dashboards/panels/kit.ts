import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  type DashboardLink,
  DashboardLinkBuilder,
  type Panel,
  type ThresholdsConfig,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { LogqlQuery, PromqlQuery } from '../../telemetry/query/query.ts';
import type { DashboardException } from '../checks/ids.ts';
import type { PanelSpec } from '../spec.ts';
import { logsOf, lokiRef, type PanelContext, prom, prometheusRef, spec } from './common.ts';
import { type States, stateBands } from './states.ts';
import { type TableOf, tableOf } from './tables.ts';
import { bars, bigNumber, dashed, type Limits, lines, stackedBars } from './visuals.ts';

/** A query, and the legend of its series. */
type Ask = readonly [query: PromqlQuery | LogqlQuery, legend: string];

/** Where a panel stands, in columns of 24 and rows, and the page of docs/runbooks that it links to. */
interface Placing {
  readonly width?: number;
  readonly height?: number;
  readonly runbook?: string;
  /** Id of the saved query that it links to. */
  readonly savedQuery?: string;
  readonly allow?: readonly DashboardException[];
}

interface Wanted extends Placing {
  readonly title: string;
  /** What it shows, and what to do when it looks wrong. */
  readonly description: string;
  readonly unit: string;
  readonly asks: readonly Ask[];
}

interface Limited extends Wanted {
  readonly limits?: Limits;
  /** Steps that stand for themselves, where no number of the contract does. */
  readonly steps?: Builder<ThresholdsConfig>;
}

interface Linkable extends Builder<Panel> {
  links(links: Builder<DashboardLink>[]): Builder<Panel>;
}

const third = { width: 8, height: 8 } as const;
const sixth = { width: 4, height: 4 } as const;
const full = { width: 24, height: 9 } as const;

/** The panels that all dashboards are made of: the same colours and limits everywhere. */
export function panelKit(context: PanelContext) {
  const place = (
    size: Required<Pick<Placing, 'width' | 'height'>>,
    wanted: Placing,
    panel: Linkable,
  ): PanelSpec => {
    const { width = size.width, height = size.height, runbook, savedQuery, allow = [] } = wanted;
    const links = runbook === undefined ? [] : runbookLinks(runbook, context);
    const about = { width, height, ...(savedQuery && { savedQuery }) };
    return { ...spec(about, links.length === 0 ? panel : panel.links(links)), allow };
  };
  const targetsOf = ({ asks }: Pick<Wanted, 'asks'>, { instant = false } = {}) =>
    asks.map(([query, legend]) =>
      isLogs(query) ? logsOf(query, context, legend) : prom(query, legend, context, { instant }),
    );

  return {
    /** Lines over time. One that names its service leads to that service's logs. */
    line(wanted: Limited & { readonly negative?: boolean; readonly most?: number }): PanelSpec {
      const panel = lines({ ...wanted, targets: targetsOf(wanted) }, context).datasource(sourceOf(wanted));
      if (wanted.steps) panel.thresholds(wanted.steps).thresholdsStyle(dashed());
      return place(third, wanted, namesService(wanted) ? panel : panel.dataLinks([]));
    },
    /** Stacked bars over time, a colour for each name. */
    stack(wanted: Wanted & { readonly colors?: Readonly<Record<string, string>> }): PanelSpec {
      const about = { ...wanted, colors: wanted.colors ?? {}, targets: targetsOf(wanted) };
      const panel = stackedBars(about, context).datasource(sourceOf(wanted));
      return place(third, wanted, namesService(wanted) ? panel : panel.dataLinks([]));
    },
    /** One big number, or a few. */
    number(wanted: Limited & { readonly decimals?: number; readonly color?: string }): PanelSpec {
      const panel = bigNumber({ ...wanted, targets: targetsOf(wanted) }, context).datasource(
        sourceOf(wanted),
      );
      return place(sixth, wanted, wanted.steps ? panel.thresholds(wanted.steps) : panel);
    },
    /** Horizontal bars, one a series, as they are now. */
    bars(wanted: Limited & { readonly instant?: boolean }): PanelSpec {
      const { instant = false } = wanted;
      const panel = bars({ ...wanted, targets: targetsOf(wanted, { instant }) }, context).datasource(
        sourceOf(wanted),
      );
      return place(third, wanted, wanted.steps ? panel.thresholds(wanted.steps) : panel);
    },
    /** A band over time for each series, coloured by its state. */
    states(wanted: Omit<Wanted, 'unit'> & { readonly states: States }): PanelSpec {
      return place(third, wanted, stateBands({ ...wanted, targets: targetsOf(wanted) }));
    },
    /** One row for each combination of labels, as it is now. */
    table(wanted: TableOf & Placing): PanelSpec {
      return place(full, wanted, tableOf(wanted, context));
    },
  };
}

const isLogs = (query: PromqlQuery | LogqlQuery): query is LogqlQuery => query.language === 'logql';

const sourceOf = ({ asks }: Wanted) => (asks.some(([query]) => isLogs(query)) ? lokiRef : prometheusRef);

/** The link to the logs needs the label `service` on every series, which its legend then shows. */
const namesService = ({ asks }: Wanted): boolean =>
  asks.every(([, legend]) => legend.includes('{{service}}'));

const runbookLinks = (runbook: string, { runbooks }: PanelContext): Builder<DashboardLink>[] =>
  runbooks === undefined
    ? []
    : [
        new DashboardLinkBuilder(`Runbook: ${runbook}`)
          .url(runbooks.replace('{id}', runbook))
          .targetBlank(true),
      ];
