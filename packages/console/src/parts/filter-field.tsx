import { useEffect, useRef } from 'preact/hooks';

interface FilterFieldProps {
  readonly label: string;
  readonly filter: string;
  readonly onFilter: (text: string) => void;
}

/** What a list is filtered by; `/` leads there. */
export function FilterField({ label, filter, onFilter }: FilterFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.target instanceof HTMLInputElement) return;
      event.preventDefault();
      field.current?.focus();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return (
    <label class="filter">
      <span class="hidden">{label}</span>
      <input
        ref={field}
        type="search"
        value={filter}
        placeholder={`${label}  /`}
        onInput={({ currentTarget }) => onFilter(currentTarget.value)}
      />
    </label>
  );
}
