import type { Server } from 'node:net';
import type { Settings } from '../config/settings.ts';
import { Door, type Doors } from '../http/doors.ts';
import type { DoorName, ToController } from './launcher-messages.ts';

/** What the launcher has bound, and reads of files that are root's. Resolves once all of it is here. */
export async function passedDoors({ tls, metrics }: Pick<Settings, 'tls' | 'metrics'>): Promise<Doors> {
  const sockets: Record<DoorName, PromiseWithResolvers<Server>> = {
    http: Promise.withResolvers(),
    tls: Promise.withResolvers(),
    metrics: Promise.withResolvers(),
  };
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
  const doorOf = async (name: DoorName) => new Door(await sockets[name].promise);
  const own = { http: await doorOf('http'), metrics: metrics === null ? null : await doorOf('metrics') };
  if (tls === null) return { ...own, tls: null };
  const door = await doorOf('tls');
  await firstWord.promise;
  const readFiles = () => {
    if (newest.kind !== 'certificate')
      throw new Error(newest.kind === 'no-certificate' ? newest.why : 'no certificate');
    const { certificate, key } = newest;
    const names = { certificate: tls.certificate, key: tls.key };
    return { certificate: Buffer.from(certificate), key: Buffer.from(key), names };
  };
  return { ...own, tls: { door, readFiles } };
}
