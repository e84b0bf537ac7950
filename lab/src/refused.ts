import { ApiError } from '@landbridge/client';

/** The error that a call was answered with. Throws where there was none, or where it was no answer. */
export async function refused(call: Promise<unknown>): Promise<ApiError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}
