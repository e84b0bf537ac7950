import { Type, type Static } from 'typebox';
import { about } from '../schema/about.ts';
import { maybe, object, oneOf, text } from '../schema/request-schemas.ts';

/** A list with an item at least: one that is left out says something else. */
const some = <S extends ReturnType<typeof Type.String> | ReturnType<typeof Type.Object>>(items: S, maxItems: number) =>
  maybe(Type.Array(items, { minItems: 1, maxItems, keepEmpty: true }));

const statement = object({
  Access: about(oneOf('read', 'write'), '`read`: only Actions that change nothing.'),
  Actions: about(
    some(
      Type.String({
        pattern: '^(?:[a-z]{1,20}:)?(?:[A-Za-z0-9]{1,80}\\*?|\\*)$',
        means: {
          en: 'the name of an Action is expected, with or without its service in front and a * at the end (vpc:Describe*)',
          zh: '应为接口名，可带服务前缀，末尾可用 *（例如 vpc:Describe*）',
        },
      }),
      100,
    ),
    'Only these, such as `CreateVpc` or `vpc:Describe*`. Left out: every Action.',
  ),
  Resources: about(
    some(
      Type.String({
        pattern: '^[a-z]{2,10}-[0-9a-z]{8}$',
        means: { en: 'the id of a resource is expected', zh: '应为资源 ID' },
        description: 'The id of a resource.',
      }),
      100,
    ),
    'Only calls that name these, or what belongs to them, and nothing else. Left out: all.',
  ),
  Tags: about(
    some(
      object({
        Key: about(text({ minLength: 1, maxLength: 127 }), 'The key of the tag.'),
        Value: about(text({ maxLength: 255 }), 'Its value.'),
      }),
      20,
    ),
    'Only calls that name resources with all of these tags.',
  ),
});

/** What a key may do: what one of the statements allows, and nothing else. */
export const policy = () =>
  about(
    object({
      Statements: about(Type.Array(statement, { maxItems: 20 }), 'One of them has to allow a call.'),
      ShowsSecrets: maybe(
        about(Type.Boolean(), 'Pre-shared keys are answered in clear; otherwise `******` stands there.'),
      ),
    }),
    'What the key may do: what one of the statements allows, and nothing else.',
  );

export type WirePolicy = Static<ReturnType<typeof policy>>;
