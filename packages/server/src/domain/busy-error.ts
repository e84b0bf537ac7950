/** Too many decisions wait already: nothing was changed, and the same call may succeed a moment later. */
export class BusyError extends Error {
  constructor(waiting: number) {
    super(`${waiting} decisions wait already`);
    this.name = 'BusyError';
  }
}
