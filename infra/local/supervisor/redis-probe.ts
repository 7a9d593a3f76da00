import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';

/**
 * Asks a Redis on loopback for a PONG, with the password in the file: while it still reads its log it answers an error.
 * @throws Error when it does not answer so within `timeoutMs` milliseconds
 */
export async function probeRedis(port: number, passwordFile: string, timeoutMs: number): Promise<void> {
  const password = await readFile(passwordFile, 'utf8');
  const signal = AbortSignal.timeout(timeoutMs);
  const socket = connect({ host: '127.0.0.1', port, signal });
  socket.setEncoding('utf8');
  try {
    await once(socket, 'connect', { signal });
    socket.write(`AUTH ${password}\r\nPING\r\n`);
    let answer = '';
    while (answer.split('\r\n').length < 3) answer += String(await once(socket, 'data', { signal }));
    const refused = answer.split('\r\n').find((line) => line.startsWith('-'));
    if (refused !== undefined) throw new Error(`Redis answers ${refused.slice(1)}`);
  } finally {
    socket.destroy();
  }
}
