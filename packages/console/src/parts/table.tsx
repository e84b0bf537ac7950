import type { ComponentChildren } from 'preact';

interface TableProps {
  /** What each column is called. */
  readonly heads: readonly string[];
  /** One more column, of buttons: it is called so for who does not see it. */
  readonly acts?: string;
  /** With a name it can be reached, and scrolled, by the keyboard. */
  readonly label?: string;
  readonly class?: string;
  /** Rows. */
  readonly children: ComponentChildren;
}

/** A table that scrolls by itself where it is wider than the page. */
export function Table({ heads, acts, label, class: look, children }: TableProps) {
  return (
    <div
      class="table-box"
      {...(label === undefined ? {} : { role: 'region' as const, tabIndex: 0, 'aria-label': label })}
    >
      <table class={look}>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
            {acts !== undefined && (
              <th scope="col">
                <span class="hidden">{acts}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
