import { getPriority, setPriority } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { runPipelineProcess } from '../pipeline/frame.ts';
import { buildLogIngestor } from './log-ingestor.ts';

/** A little behind others: what is in the queue can wait, and who sends to the gateway beside it cannot. */
const niceness = 5;

// Only root may take back what it was started with.
setPriority(Math.max(getPriority(), niceness));
// Else V8 collects all garbage after every few pushes, whose bytes it counts apart from its heap: most of what the process
// did when it was behind (docs/decisions/0021).
setFlagsFromString('--external-memory-accounted-in-global-limit');
await runPipelineProcess('log-ingestor', buildLogIngestor);
