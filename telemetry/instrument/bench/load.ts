/** The load, in a process of its own: `load.ts <url> <seconds>` prints one line of JSON. */
import autocannon from 'autocannon';

const [, , url = '', seconds = '3'] = process.argv;
const connections = 32;
const result = await autocannon({ url, duration: Number(seconds), connections });
if (result.non2xx > 0 || result.errors > 0) {
  throw new Error(`${result.non2xx} answers were not 2xx, ${result.errors} failed`);
}
process.stdout.write(
  `${JSON.stringify({
    requests: result.requests.total,
    requestsPerSecond: result.requests.total / result.duration,
    p99Milliseconds: result.latency.p99,
  })}\n`,
);
