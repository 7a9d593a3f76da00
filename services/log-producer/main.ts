import { buildLogProducer } from '../log-gateway/producer/log-producer.ts';
import { runPipelineProcess } from '../pipeline/frame.ts';

await runPipelineProcess('log-gateway', buildLogProducer, 'log-producer');
