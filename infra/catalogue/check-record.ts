import type { CatalogueComponent } from '../../telemetry/catalogue/types.ts';
import type { ErrorCode, Problem } from '../../telemetry/errors.ts';
import { type ComponentRecord, entryHash, recordPath, type VerificationRecord } from './record.ts';

const verify = (component: string): string => `npm run verify:catalogue -- --component ${component} --update`;

/**
 * Whether every entry of the catalogue is known to be right: verified on the version that is pinned, as it stands
 * now, or with a source that was read at that version.
 */
export function checkCatalogue(
  components: Readonly<Record<string, CatalogueComponent>>,
  record: VerificationRecord,
  pinned: Readonly<Record<string, string>>,
): readonly Problem[] {
  return [
    ...namedTwice(components),
    ...Object.entries(components).flatMap(([name, component]) => {
      const version = component.pinnedAs === undefined ? undefined : pinned[component.pinnedAs];
      if (component.pinnedAs !== undefined && version === undefined)
        return [
          problem('SL1804', name, {
            what: `infra/versions.ts has no product ${component.pinnedAs}`,
            fix: 'name the product that pins it in telemetry/catalogue/components.ts',
          }),
        ];
      return component.source === undefined
        ? checkVerified(name, component, record[name], version ?? '')
        : checkSource(name, component.source.version, version);
    }),
  ];
}

function checkSource(name: string, read: string, pinned: string | undefined): readonly Problem[] {
  if (pinned === undefined || pinned === read) return [];
  return [
    problem('SL1804', name, {
      what: `its source was read for version ${read}, and infra/versions.ts pins ${pinned}`,
      fix: `read the files again at ${pinned}, then change its source in telemetry/catalogue/components.ts`,
    }),
  ];
}

function checkVerified(
  name: string,
  { metrics }: CatalogueComponent,
  record: ComponentRecord | undefined,
  pinned: string,
): readonly Problem[] {
  if (record === undefined)
    return [problem('SL1804', name, { what: 'it was never verified', fix: verify(name) })];
  if (record.version !== pinned)
    return [
      problem('SL1804', name, {
        what: `it was verified at version ${record.version}, and infra/versions.ts pins ${pinned}`,
        fix: verify(name),
      }),
    ];
  return Object.entries(metrics).flatMap(([metric, entry]) => {
    const found = record.metrics[metric];
    const about = `${name}: ${metric}`;
    if (found === undefined)
      return [problem('SL1804', about, { what: 'the entry was never verified', fix: verify(name) })];
    if (found.entry !== entryHash(metric, entry))
      return [
        problem('SL1804', about, { what: 'the entry changed since it was verified', fix: verify(name) }),
      ];
    if (found.state === 'verified') return [];
    return [
      problem('SL1803', about, {
        what: `${found.state}: ${found.why ?? 'no reason is recorded'}`,
        fix: `mend the entry in telemetry/catalogue, or make the component show it in infra/catalogue/verifiers, then ${verify(name)}`,
      }),
    ];
  });
}

/** Two components with one name would be one entry to a query, with the labels of either. */
function namedTwice(components: Readonly<Record<string, CatalogueComponent>>): readonly Problem[] {
  const owners = new Map<string, string[]>();
  for (const [name, { metrics }] of Object.entries(components))
    for (const metric of Object.keys(metrics)) owners.set(metric, [...(owners.get(metric) ?? []), name]);
  return [...owners]
    .filter(([, names]) => names.length > 1)
    .map(([metric, names]) =>
      problem('SL1803', metric, {
        what: `${names.join(' and ')} both list it`,
        fix: 'keep it in the one that exposes it',
      }),
    );
}

const problem = (
  code: ErrorCode,
  about: string,
  { what, fix }: { readonly what: string; readonly fix: string },
): Problem => ({ code, what: `${about}: ${what}`, where: recordPath, fix });
