import { Type, type TObject } from 'typebox';
import { about } from './about.ts';
import { maybe } from './request-schemas.ts';

/** What every Action that changes something takes beside its own parameters. */
export const commonOfChanges = {
  DryRun: maybe(
    about(
      Type.Boolean(),
      'Only tries: the call is checked as if it was meant, nothing is changed, and DryRunOperation is answered.',
    ),
  ),
  ClientToken: maybe(
    about(
      Type.String({
        pattern: '^[\\x21-\\x7e]{1,64}$',
        means: { en: '1 to 64 visible ASCII characters are expected', zh: '应为 1 到 64 个可见 ASCII 字符' },
      }),
      'A text of the client’s own. Who sends the call again with it gets the first answer, and nothing is made twice.',
    ),
  ),
};

export type WithCommonOfChanges<Request extends TObject> = TObject<Request['properties'] & typeof commonOfChanges>;

export function withCommonOfChanges<Request extends TObject>(request: Request): WithCommonOfChanges<Request> {
  return Type.Object({ ...request.properties, ...commonOfChanges });
}
