import type { ActionName } from '@landbridge/catalogue/services';

/** Whose Action it is, as PreviewChanges asks. */
export function serviceOf(action: ActionName): 'vpc' | 'landbridge' | 'tag' {
  if (action === 'ModifyResourceTags') return 'tag';
  return /^(?:Attach|Detach)\w+Interface$/.test(action) ? 'landbridge' : 'vpc';
}
