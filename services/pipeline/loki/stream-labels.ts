import type { AdmittedEntry } from '../entry.ts';
import { labelName, overflowMetadata, partitionLabel } from './line.ts';
import type { Pair } from './push-proto.ts';

export interface StreamOptions {
  /** The same on every stream: cluster, environment, namespace. */
  readonly labels: Readonly<Record<string, string>>;
  /** Tags that become labels. */
  readonly allowed: readonly string[];
  /** Different label sets a service and organization may have in an hour. */
  readonly maxStreams: number;
  /** Different services an organization may have in an hour. */
  readonly maxServices: number;
  /** A tag was kept off the labels because its values made too many streams. */
  readonly onOverflow: (overflow: StreamOverflow) => void;
  /** An entry's service was kept off the labels because its organization has too many. */
  readonly onServiceOverflow: (organization: string) => void;
}

export interface StreamOverflow {
  readonly organization: string;
  readonly service: string;
  /** The allowed tag with the most values. */
  readonly tag: string;
}

/** What of an entry its labels follow from. */
export type StreamKey = Pick<AdmittedEntry, 'service' | 'level' | 'tags'>;

interface Placed {
  readonly labels: string;
  /** The label, which may be that of all services beyond the budget. */
  readonly service: string;
  /** What did not become a label. */
  readonly metadata: readonly Pair[];
}

const nothing: readonly Pair[] = [];

/** The label of all services beyond the budget of their organization. */
export const overflowService = 'overflow';

/** A stream that got no entry for so long is no longer open in Loki. */
const hourMs = 3_600_000;
const maxBaseTexts = 10_000;

/**
 * Chooses the stream of each entry: by service and level, and by the tags on the allow-list while the service stays
 * within its budget. Past it, tags stay searchable as structured metadata; so does the name of a service past the
 * budget of its organization. Where ingestors share partitions, the partition is a label, so that no two of them push
 * the same stream (docs/decisions/0020).
 */
export class StreamLabels {
  readonly #options: StreamOptions;
  readonly #now: () => number;
  #organizations = new Map<string, Map<string, Budget>>();
  #since: number;
  readonly #baseTexts = new Map<string, string>();

  constructor(options: StreamOptions, now: () => number = Date.now) {
    this.#options = options;
    this.#now = now;
    this.#since = now();
  }

  place(organization: string, { service, level, tags }: StreamKey, partition?: string): Placed {
    const budget = this.#budgetOf(organization, service);
    if (budget === undefined) {
      this.#options.onServiceOverflow(organization);
      return {
        labels: this.#baseText(overflowService, level, partition),
        service: overflowService,
        metadata: [{ name: overflowMetadata, value: service }, ...metadataOf(tags)],
      };
    }
    if (tags === undefined) {
      return { labels: this.#baseText(service, level, partition), service, metadata: nothing };
    }
    const chosen: [string, string][] = [];
    const rest: Pair[] = [];
    for (const name in tags) {
      const value = String(tags[name]);
      if (value !== '' && this.#mayBeLabel(name)) chosen.push([name, value]);
      else rest.push({ name: labelName(name), value });
    }
    if (chosen.length === 0) {
      return { labels: this.#baseText(service, level, partition), service, metadata: rest };
    }
    if (budget.admits(chosen)) {
      const labels = Object.fromEntries(chosen.map(([name, value]) => [labelName(name), value]));
      const base = this.#base(service, level, partition);
      return { labels: labelText({ ...labels, ...base }), service, metadata: rest };
    }
    this.#options.onOverflow({ organization, service, tag: budget.widestTag() });
    return { labels: this.#baseText(service, level, partition), service, metadata: metadataOf(tags) };
  }

  #mayBeLabel(tag: string): boolean {
    return this.#options.allowed.includes(tag) && !Object.hasOwn(this.#options.labels, labelName(tag));
  }

  #base(service: string, level: string, partition?: string): Readonly<Record<string, string>> {
    const own = { ...this.#options.labels, service, level, log_format: 'json' };
    return partition === undefined ? own : { ...own, [partitionLabel]: partition };
  }

  /** Remembered: most entries have no labels but these. */
  #baseText(service: string, level: string, partition?: string): string {
    const key = `${level} ${partition ?? ''} ${service}`;
    const known = this.#baseTexts.get(key);
    if (known !== undefined) return known;
    const text = labelText(this.#base(service, level, partition));
    if (this.#baseTexts.size >= maxBaseTexts) this.#baseTexts.clear();
    this.#baseTexts.set(key, text);
    return text;
  }

  /** None for a service that is one too many. */
  #budgetOf(organization: string, service: string): Budget | undefined {
    if (this.#now() - this.#since > hourMs) {
      this.#organizations = new Map();
      this.#since = this.#now();
    }
    let services = this.#organizations.get(organization);
    if (services === undefined) {
      services = new Map();
      this.#organizations.set(organization, services);
    }
    const known = services.get(service);
    if (known !== undefined || services.size >= this.#options.maxServices) return known;
    const made = new Budget(this.#options.maxStreams);
    services.set(service, made);
    return made;
  }
}

/** The label sets that one service has had. */
class Budget {
  readonly #most: number;
  readonly #sets = new Set<string>();
  readonly #values = new Map<string, Set<string>>();

  constructor(most: number) {
    this.#most = most;
  }

  admits(tags: readonly (readonly [string, string])[]): boolean {
    const key = JSON.stringify(tags);
    if (this.#sets.has(key)) return true;
    if (this.#sets.size >= this.#most) return false;
    this.#sets.add(key);
    for (const [name, value] of tags) {
      const values = this.#values.get(name) ?? new Set();
      this.#values.set(name, values.add(value));
    }
    return true;
  }

  widestTag(): string {
    const [[name] = ['']] = [...this.#values].sort(([, a], [, b]) => b.size - a.size);
    return name;
  }
}

const metadataOf = (tags: AdmittedEntry['tags'] = {}): readonly Pair[] =>
  Object.entries(tags).map(([name, value]) => ({ name: labelName(name), value: String(value) }));

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}=${JSON.stringify(value.toWellFormed())}`,
  );
  return `{${pairs.join(', ')}}`;
}
