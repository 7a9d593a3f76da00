import { runPipelineProcess } from '../pipeline/frame.ts';
import { buildLogGateway } from './log-gateway.ts';

await runPipelineProcess('log-gateway', buildLogGateway);
