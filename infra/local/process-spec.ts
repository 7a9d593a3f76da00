import type { ToolName } from '../versions.ts';

/** How the supervisor finds out that a process does its work, rather than merely runs. */
export type HealthCheck =
  /** A GET that must answer with a 2xx status; with `bodyIncludes`, the body must contain it. */
  | { readonly kind: 'http'; readonly url: string; readonly bodyIncludes?: string }
  /** A line pushed to Loki's push API can be queried back; `tenant` is sent as X-Scope-OrgID. */
  | { readonly kind: 'loki-roundtrip'; readonly url: string; readonly tenant: string }
  /** A PromQL query at this Prometheus gives at least one sample. */
  | { readonly kind: 'prometheus-query'; readonly url: string; readonly query: string }
  /** A Redis on this loopback port answers a PING to whoever has the password in the file. */
  | { readonly kind: 'redis-ping'; readonly port: number; readonly passwordFile: string }
  /** A Kafka broker answers there, and is part of its cluster. */
  | { readonly kind: 'kafka-broker'; readonly host: string; readonly port: number };

/** Where the process's output goes: `<pods>/<namespace>_<pod>_<uid>/<container>/0.log`, in CRI format. */
interface PodIdentity {
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
  readonly container: string;
}

/** Arguments with which the same tool first runs to its end, in the process's folder and environment. */
interface Preparation {
  readonly args: readonly string[];
  /** Not needed where this file exists; its path is absolute. */
  readonly unless: string;
}

/** One process of the local stack, as plain data: the supervisor needs to know nothing else about it. */
export interface ProcessSpec {
  readonly name: string;
  readonly kind: 'service' | 'component';
  readonly title: string;
  /** Either a tool that the toolchain finds, or TypeScript of this repository, by its path in it, run by Node. */
  readonly run: /** In `args`, `{toolHome}` stands for the folder above the one that holds the binary. */
    | { readonly tool: ToolName; readonly args: readonly string[]; readonly prepare?: Preparation }
    | { readonly script: string; readonly args: readonly string[] };
  readonly env: Readonly<Record<string, string>>;
  /** Every TCP port it listens on, after the offset. */
  readonly ports: readonly number[];
  /** What a person opens in a browser; absent when there is nothing to see. */
  readonly url?: string;
  readonly health: HealthCheck;
  /** Names of processes that must be healthy first. Keep it to real needs: everything else starts at once. */
  readonly after: readonly string[];
  /** Names of processes that must have ended before this one is asked to end, beside those that start after it. */
  readonly stopAfter?: readonly string[];
  /** How far it gives way to others where processors are short, as `nice` counts: 0 unless given, 19 at the most. */
  readonly niceness?: number;
  /** Without an optional process the stack is still whole (Grafana, Jaeger, …). */
  readonly optional: boolean;
  readonly pod: PodIdentity;
  /** Milliseconds between SIGTERM and SIGKILL. */
  readonly stopTimeoutMs: number;
}

/** All that `npm start` brings up: processes, and the files they read, by path relative to the state directory. */
export interface LocalPlan {
  readonly processes: readonly ProcessSpec[];
  readonly files: ReadonlyMap<string, string>;
  /** The same, but written with mode 0600 and never shown. */
  readonly secretFiles: ReadonlyMap<string, string>;
  /** What must be in the state directory before anything starts, and is no file of the plan; does nothing twice. */
  readonly prepare?: () => void;
}
