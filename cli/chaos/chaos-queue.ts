import type { Ledger } from './ledger.ts';
import type { LogLoad } from './log-load.ts';
import type { Pipeline, Victim } from './pipeline-processes.ts';

/** One way to break a queue, and how it went. */
export interface Trial {
  readonly what: string;
  /** For people. */
  readonly figure: string;
  /** Not done where the machine does not allow it; the figure says why. */
  readonly outcome: 'good' | 'bad' | 'not done';
}

/** What a trial works with. */
export interface ChaosHands {
  readonly pipeline: Pipeline;
  /** What is sent all the time; stopped in the trials at rest. */
  readonly load: LogLoad;
  say(text: string): void;
  /** @throws the signal's reason when the run is interrupted */
  pause(ms: number): Promise<void>;
  /** Waits until nothing is left in the queue. @throws Error when it takes too long */
  drained(): Promise<void>;
  ledgerOf(acknowledged: ReadonlySet<string>): Promise<Ledger>;
}

/** What is particular to one kind of queue; the rest of a chaos run is the same for all. */
export interface ChaosQueue {
  readonly name: 'embedded' | 'kafka';
  /** What is done to it, a line each, for the page about it. */
  readonly deeds: readonly string[];
  /** Where gateway and ingestor keep what they have on disk. */
  readonly directory: string;
  /** Settings of gateway and ingestors. */
  readonly env: NodeJS.ProcessEnv;
  readonly ingestors: number;
  /** Processes of its own, started before the gateway and killed like the others. */
  readonly brokers: readonly Victim[];
  /** Entries that are acknowledged and not stored yet. */
  waiting(pipeline: Pipeline): Promise<number>;
  deadIds(): Promise<ReadonlySet<string>>;
  /** While entries are sent all the time. */
  trialsUnderLoad(hands: ChaosHands): Promise<readonly Trial[]>;
  /** When all that was sent is accounted for. */
  trialsAtRest(hands: ChaosHands): Promise<readonly Trial[]>;
  /** Takes away what it made on the machine. */
  remove(): Promise<void>;
}
