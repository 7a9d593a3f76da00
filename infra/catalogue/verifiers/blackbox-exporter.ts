import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePorts } from '../../local/pick-ports.ts';
import { renderBlackbox } from '../../render/blackbox.ts';
import { ready, scrape, settled } from '../look.ts';
import { at } from './from-plan.ts';
import type { Verifier } from './verifier.ts';

/** It probes itself, as it probes a service in a cluster. */
export const blackboxExporter: Verifier = {
  tools: ['blackbox_exporter'],
  observe: async (bench, metrics) => {
    const [port = 0] = await freePorts(1);
    const config = join(bench.directory, 'blackbox.yaml');
    await writeFile(config, renderBlackbox());
    bench.start('blackbox_exporter', [`--config.file=${config}`, `--web.listen-address=127.0.0.1:${port}`]);
    const health = at(port, '/-/healthy');
    await ready(bench, health);
    const probe = new URLSearchParams({ module: 'health', target: health });
    return settled(bench, metrics, () => scrape(at(port, `/probe?${probe}`)));
  },
};
