import { durationMs } from '../../../telemetry/query/scale-time.ts';

/** What promtool says went wrong in one test. */
export type Failure = {
  readonly test: number;
  readonly alert: string;
} & (
  | {
      readonly kind: 'otherwise';
      /** Milliseconds since the first sample. */
      readonly atMs: number;
      /** Labels of the alerts, as promtool prints them; empty where there should be, or was, none. */
      readonly expected: readonly string[];
      readonly got: readonly string[];
    }
  /** The expression could not be evaluated; promtool ends the test there, with every look still to come. */
  | { readonly kind: 'error'; readonly message: string }
);

export interface FileReport {
  /** How many tests were run. */
  readonly tests: number;
  readonly failures: readonly Failure[];
  /** What is neither: the file was not understood. */
  readonly strange: readonly string[];
}

/** Reads promtool's report (JUnit's XML), by the name of the test file. */
export function readReport(xml: string): ReadonlyMap<string, FileReport> {
  const suites = xml.matchAll(/<testsuite name="([^"]*)" tests="(\d+)"[^>]*>([\s\S]*?)<\/testsuite>/g);
  return new Map(
    [...suites].map(([, file = '', tests, body = '']) => {
      const said = [...body.matchAll(/<testcase name="([^"]*)">([\s\S]*?)<\/testcase>/g)].flatMap(
        ([, test, failures = '']) =>
          [...failures.matchAll(/<failure[^>]*>([\s\S]*?)<\/failure>/g)].map(([, text = '']) => ({
            text: unescaped(text),
            failure: readFailure(Number(test), unescaped(text)),
          })),
      );
      return [
        unescaped(file),
        {
          tests: Number(tests),
          failures: said.flatMap(({ failure }) => failure ?? []),
          strange: said.flatMap(({ text, failure }) => (failure ? [] : [text.trim()])),
        },
      ];
    }),
  );
}

function readFailure(test: number, text: string): Failure | undefined {
  const error = /^\s*rule: (.*), time: [^,]*, err: ([\s\S]*)$/.exec(text);
  if (error) return { kind: 'error', test, alert: error[1] ?? '', message: error[2]?.trim() ?? '' };
  const other = /alertname: (.*), time: (\w+), *\n\s*exp:([\s\S]*?), *\n\s*got:([\s\S]*)$/.exec(text);
  const atMs = durationMs(other?.[2] ?? '');
  if (!other || atMs === undefined || Number.isNaN(test)) return undefined;
  const [, alert = '', , expected = '', got = ''] = other;
  return { kind: 'otherwise', test, alert, atMs, expected: labelsIn(expected), got: labelsIn(got) };
}

const labelsIn = (list: string): readonly string[] =>
  [...list.matchAll(/^\s*Labels:(\{.*\})$/gm)].map(([, labels = '']) => labels);

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const unescaped = (text: string): string =>
  text.replace(/&(?:#x([0-9A-Fa-f]+)|#(\d+)|(\w+));/g, (whole, hex, decimal, name) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return entities[name] ?? whole;
  });
