import type { ToolName } from '../../versions.ts';
import type { Exposition } from '../exposition.ts';
import type { Metrics } from '../look.ts';
import type { Workbench } from '../workbench.ts';

/** How a component is run and made to show the metrics of its entries. */
export interface Verifier {
  /** The tool whose version is the component's, and then those that it needs beside it. */
  readonly tools: readonly [ToolName, ...ToolName[]];
  readonly observe: (bench: Workbench, metrics: Metrics) => Promise<Exposition>;
}
