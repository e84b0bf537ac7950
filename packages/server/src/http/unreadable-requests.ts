import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { wireError, type Language } from '../api/protocol/api-error.ts';
import type { Words } from '../domain/refusal.ts';
import type { IdSource } from '../platform/ids.ts';
import { frameLanguage } from './envelope.ts';

/** What Node's HTTP refuses before there is a request that anybody could handle, in the API's envelope and with HTTP's status. */
interface Unreadable {
  readonly status: string;
  readonly problem: Words;
}

const tooSlow: Unreadable = {
  status: '408 Request Timeout',
  problem: { en: 'it did not arrive in time', zh: '请求未在规定时间内到达' },
};
const headersTooLarge: Unreadable = {
  status: '431 Request Header Fields Too Large',
  problem: { en: 'its headers are too large', zh: '请求头过大' },
};
const notHttp: Unreadable = {
  status: '400 Bad Request',
  problem: { en: 'it is not HTTP', zh: '不是合法的 HTTP 请求' },
};
const expectationUnmet: Unreadable = {
  status: '417 Expectation Failed',
  problem: { en: 'no `Expect` but 100-continue can be met', zh: '除 100-continue 外不支持其他 `Expect`' },
};

const byCode: Readonly<Record<string, Unreadable>> = {
  ERR_HTTP_REQUEST_TIMEOUT: tooSlow,
  HPE_HEADER_OVERFLOW: headersTooLarge,
};

/** For `clientError` of a server: answers, and ends the connection. */
export function answerUnreadable(ids: IdSource): (error: NodeJS.ErrnoException, socket: Socket) => void {
  return (error, socket) => {
    if (error.code === 'ECONNRESET' || socket.destroyed) return;
    if (socket.writable) socket.write(rawReply(byCode[error.code ?? ''] ?? notHttp, ids));
    socket.destroy(error);
  };
}

/** Instead of the bare 417 that Node answers. The body that was announced is not waited for. */
export function answerExpectations(server: Server, ids: IdSource): void {
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    const body = envelope(expectationUnmet, ids, frameLanguage(request));
    response.writeHead(417, { 'Content-Type': 'application/json', 'Content-Length': body.length, Connection: 'close' });
    response.end(body);
  });
}

function rawReply(unreadable: Unreadable, ids: IdSource): Buffer {
  const body = envelope(unreadable, ids, 'en-US');
  const head = [
    `HTTP/1.1 ${unreadable.status}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    'Connection: close',
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
}

function envelope({ problem }: Unreadable, ids: IdSource, language: Language): Buffer {
  const Error = wireError('request-malformed', { problem }, language);
  return Buffer.from(JSON.stringify({ Response: { Error, RequestId: ids.requestId() } }));
}
