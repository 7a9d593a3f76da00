import { runPipelineProcess } from '../pipeline/frame.ts';
import { buildLogIngestor } from './log-ingestor.ts';

await runPipelineProcess('log-ingestor', buildLogIngestor);
