// That a tracker uses words which nobody has mapped, and the way to where they are.
import { Link } from '@tanstack/react-router';
import css from './parts.module.css';

export function UnmappedLink({ configId, words }: { configId: string; words: readonly string[] }) {
  if (words.length === 0) return null;
  return (
    <Link
      to="/trackers/$configId/mappings"
      params={{ configId }}
      className={css.unmapped}
      title={words.join(', ')}
      onClick={(event) => event.stopPropagation()}
    >
      {words.length === 1 ? '1 unmapped word' : `${words.length} unmapped words`}
    </Link>
  );
}
