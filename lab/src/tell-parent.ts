/** Sends a message to the process that started this one with a channel; resolves when it is on its way. Nothing without one. */
export function tellParent(message: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    if (process.send === undefined) resolve();
    else process.send(message, undefined, undefined, (error) => (error === null ? resolve() : reject(error)));
  });
}
