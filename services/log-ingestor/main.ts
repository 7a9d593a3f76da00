import { setPriority } from 'node:os';
import { runPipelineProcess } from '../pipeline/frame.ts';
import { buildLogIngestor } from './log-ingestor.ts';

/** A little behind others: what is in the queue can wait, and who sends to the gateway beside it cannot. */
const niceness = 5;

setPriority(niceness);
await runPipelineProcess('log-ingestor', buildLogIngestor);
