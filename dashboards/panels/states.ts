import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import { VisibilityMode } from '@grafana/grafana-foundation-sdk/common';
import { FieldColorBuilder, FieldColorModeId, MappingType } from '@grafana/grafana-foundation-sdk/dashboard';
import * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import { prometheusRef } from './common.ts';

/** What a series can be, by its value. */
export type States = Readonly<Record<number, { readonly text: string; readonly color: string }>>;

export const passing: States = {
  0: { text: 'Failing', color: 'red' },
  1: { text: 'Passing', color: 'green' },
};

/** A band over time for each series, coloured by its state. */
export const stateBands = (about: {
  readonly title: string;
  readonly description: string;
  readonly targets: readonly Builder<Dataquery>[];
  readonly states: States;
}): statetimeline.PanelBuilder =>
  new statetimeline.PanelBuilder()
    .title(about.title)
    .description(about.description)
    .datasource(prometheusRef)
    .targets([...about.targets])
    .unit('short')
    .mappings([{ type: MappingType.ValueToText, options: { ...about.states } }])
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .showValue(VisibilityMode.Never)
    .rowHeight(0.8);
