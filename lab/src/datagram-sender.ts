import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

// A program of its own, started inside a namespace by hostile-idc.ts: sends each line of standard input (hexadecimal) as one datagram.

const [address = '', port = '', sourcePort = ''] = process.argv.slice(2);
const socket = createSocket('udp4');
socket.bind(Number(sourcePort));
await once(socket, 'listening');
for (const line of (await text(process.stdin)).split('\n').filter(Boolean)) {
  await new Promise<void>((resolve, reject) => {
    socket.send(Buffer.from(line, 'hex'), Number(port), address, (error) =>
      error === null ? resolve() : reject(error),
    );
  });
}
socket.close();
