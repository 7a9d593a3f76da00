import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { listenLocally } from './local-server.ts';

export interface ReceivedMail {
  readonly username: string;
  readonly password: string;
  readonly from: string;
  readonly to: readonly string[];
  /** Headers and body as sent. */
  readonly raw: string;
}

export interface SmtpServer {
  readonly port: number;
  readonly mails: readonly ReceivedMail[];
  close(): Promise<void>;
}

/** As much of a mail server (RFC 5321, AUTH PLAIN) as Alertmanager speaks to; it takes no mail without a password. */
export async function startSmtpServer(): Promise<SmtpServer> {
  const mails: ReceivedMail[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    void converse(socket, (mail) => mails.push(mail));
  });
  const port = await listenLocally(server);
  return {
    port,
    mails,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function converse(socket: Socket, receive: (mail: ReceivedMail) => void): Promise<void> {
  const say = (line: string): void => void socket.write(`${line}\r\n`);
  let login: readonly string[] = [];
  let from = '';
  let to: string[] = [];
  let body: string[] | undefined;
  say('220 ready');
  for await (const line of createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (body && line !== '.') {
      // A line that begins with a dot is sent with another before it.
      body.push(line.replace(/^\./, ''));
      continue;
    }
    const [verb = ''] = line.toUpperCase().split(/[ :]/);
    if (body) {
      const [, username = '', password = ''] = login;
      receive({ username, password, from, to, raw: body.join('\r\n') });
      [from, to, body] = ['', [], undefined];
      say('250 taken');
    } else if (verb === 'EHLO') {
      say('250-here');
      say('250 AUTH PLAIN');
    } else if (verb === 'AUTH') {
      login = Buffer.from(line.split(' ')[2] ?? '', 'base64')
        .toString()
        .split('\0');
      say('235 welcome');
    } else if (verb === 'QUIT') {
      say('221 bye');
      socket.end();
    } else if (login.length === 0) say('530 who are you');
    else if (verb === 'MAIL') {
      from = addressIn(line);
      say('250 ok');
    } else if (verb === 'RCPT') {
      to.push(addressIn(line));
      say('250 ok');
    } else if (verb === 'DATA') {
      body = [];
      say('354 go on');
    } else say('502 not known');
  }
}

const addressIn = (line: string): string => /<([^>]*)>/.exec(line)?.[1] ?? '';
