import type { Server } from 'node:net';
import type { Settings } from '../config/settings.ts';
import { Door, type Doors } from '../http/doors.ts';
import type { ToController } from './launcher-messages.ts';

/** What the launcher has bound, and reads of files that are root's. Resolves once all of it is here. */
export async function passedDoors({ tls }: Pick<Settings, 'tls'>): Promise<Doors> {
  const sockets = { http: Promise.withResolvers<Server>(), tls: Promise.withResolvers<Server>() };
  const firstWord = Promise.withResolvers<undefined>();
  let newest: ToController = { kind: 'no-certificate', why: 'none was read yet' };
  process.on('message', (message: ToController, handle: unknown) => {
    if (message.kind === 'listener') {
      sockets[message.name].resolve(handle as Server);
      return;
    }
    newest = message;
    firstWord.resolve(undefined);
  });
  const http = new Door(await sockets.http.promise);
  if (tls === null) return { http, tls: null };
  const door = new Door(await sockets.tls.promise);
  await firstWord.promise;
  const readFiles = () => {
    if (newest.kind !== 'certificate')
      throw new Error(newest.kind === 'no-certificate' ? newest.why : 'no certificate');
    const { certificate, key } = newest;
    const names = { certificate: tls.certificate, key: tls.key };
    return { certificate: Buffer.from(certificate), key: Buffer.from(key), names };
  };
  return { http, tls: { door, readFiles } };
}
